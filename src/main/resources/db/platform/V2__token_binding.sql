-- What a tenant asks of access tokens: to be bound to a key of their holder, and by which way.

ALTER TABLE platform.tenant
  ADD COLUMN token_binding text NOT NULL DEFAULT 'none'
    CHECK (token_binding IN ('none', 'dpop', 'mtls'));
