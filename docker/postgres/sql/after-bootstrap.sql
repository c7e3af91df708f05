-- What the bootstrap takes from everybody and the exporter needs back. In the database portcullis.
GRANT CONNECT ON DATABASE portcullis TO pc_monitor;
