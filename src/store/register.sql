-- Makes a layer's table known to readers of GeoPackages. ?1: its name, ?2: what people call it.
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
VALUES (?1, 'features', ?1, ?2, 4326);

INSERT INTO gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m)
VALUES (?1, 'geom', 'GEOMETRY', 4326, 0, 0);

INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope)
VALUES (?1, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
