package io.portcullis.gateway;

/** By what a request has proved its caller. */
enum Evidence {
  /** An access token that it carries: what its tenant asks of tokens holds. */
  ACCESS_TOKEN,
  /** A session of ours, whose access token never leaves the gateway: nothing to bind. */
  SESSION,
  /** The certificate of a service, on the internal listener. */
  CERTIFICATE
}
