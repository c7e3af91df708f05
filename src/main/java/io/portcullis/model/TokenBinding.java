package io.portcullis.model;

import io.portcullis.model.Credential.Binding;
import io.portcullis.model.Credential.Binding.Kind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What a tenant asks of the access tokens of its callers: to be bound to a key, and by which way.
 */
public enum TokenBinding {
  /** Any token is good. One that is bound still needs its proof. */
  NONE,
  /** Only tokens that a DPoP proof confirms (RFC 9449). */
  DPOP,
  /** Only tokens that a client certificate confirms (RFC 8705). */
  MTLS;

  /** As the registry, the command line and the audit trail write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one with this label. */
  public static Optional<TokenBinding> labelled(String label) {
    return Arrays.stream(values()).filter(binding -> binding.label().equals(label)).findFirst();
  }

  /** Whether a credential is bound as this asks; whether its holder proved that is not asked. */
  public boolean isMetBy(Credential credential) {
    return switch (this) {
      case NONE -> true;
      case DPOP -> isBound(credential, Kind.KEY);
      case MTLS -> isBound(credential, Kind.CERTIFICATE);
    };
  }

  private static boolean isBound(Credential credential, Kind kind) {
    return credential.binding().map(Binding::kind).filter(kind::equals).isPresent();
  }
}
