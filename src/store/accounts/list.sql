-- Accounts in the order in which they were made, with their areas as JSON arrays; ?1: one name, or null for all.
SELECT
    name, role, password, disabled, created_at,
    (SELECT json_group_array(feature) FROM area WHERE area.account = account.name AND kind = 'village'),
    (SELECT json_group_array(feature) FROM area WHERE area.account = account.name AND kind = 'grid_cell')
FROM account
WHERE ?1 IS NULL OR name = ?1
ORDER BY seq;
