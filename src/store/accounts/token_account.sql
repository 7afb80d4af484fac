SELECT account FROM token WHERE digest = ?1 AND (expires_at IS NULL OR expires_at > ?2);
