-- What is told of a person's record is salted with it, so that nobody who does not have this file can guess back.
CREATE TABLE IF NOT EXISTS xiangtu_salt (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    salt BLOB NOT NULL
);
