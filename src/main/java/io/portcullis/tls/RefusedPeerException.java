package io.portcullis.tls;

import java.security.cert.CertificateException;
import java.util.Locale;

/** A certificate that proves nobody who may come in. Expected, so it carries no stack. */
public final class RefusedPeerException extends CertificateException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  RefusedPeerException(Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }

  /** Why a peer is refused: labels of metrics and reasons in the audit trail. */
  public enum Reason {
    /** It showed none. */
    CERTIFICATE_MISSING,
    /** It does not lead to a root that we trust. */
    CERTIFICATE_UNTRUSTED,
    /** Its time is over, or has not come. */
    CERTIFICATE_EXPIRED,
    /** It has not exactly one SPIFFE name of ours. */
    NAME_WRONG,
    /** It belongs to another environment. */
    ENVIRONMENT_WRONG,
    /** Its role may not come in here. */
    ROLE_WRONG,
    /** It stands on the deny list. */
    CERTIFICATE_DENIED,
    /** The handshake failed for another reason. */
    HANDSHAKE_FAILED;

    /** As labels and the audit trail write it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
