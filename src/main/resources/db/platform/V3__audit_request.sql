-- "Why was this refused": the entries of a request by its id. The body is canonical JSON, and an id
-- of a request has no character that JSON escapes; text that is none of ours fails nothing here.
CREATE INDEX entry_request ON audit.entry
  ((substring(body FROM '"request_id":"([^"\\]*)"')));
