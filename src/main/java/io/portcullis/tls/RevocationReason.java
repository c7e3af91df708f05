package io.portcullis.tls;

import java.util.Locale;

/** Why a certificate is revoked; the codes are those of RFC 5280, section 5.3.1. */
public enum RevocationReason {
  /** No reason given. */
  UNSPECIFIED(0),
  /** Somebody else has, or may have, the key. */
  KEY_COMPROMISE(1),
  /** Somebody else has, or may have, the key of the issuer. */
  CA_COMPROMISE(2),
  /** The identity serves another purpose now. */
  AFFILIATION_CHANGED(3),
  /** Another certificate took its place. */
  SUPERSEDED(4),
  /** The service is gone. */
  CESSATION_OF_OPERATION(5),
  /** The service may no longer do what the certificate lets it do. */
  PRIVILEGE_WITHDRAWN(9);

  private final int code;

  RevocationReason(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }

  /** As it is written in files and on the command line: {@code key-compromise}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one with that label. */
  public static RevocationReason of(String label) {
    for (RevocationReason reason : values()) {
      if (reason.label().equals(label)) {
        return reason;
      }
    }
    throw new CaException(Shown.of(label) + " is not a reason for a revocation");
  }
}
