package io.portcullis.identity;

import io.portcullis.identity.PresentedToken.Scheme;
import io.portcullis.model.Caller;
import io.portcullis.model.Credential.Binding;
import io.portcullis.model.Credential.Binding.Kind;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * The caller of a request by its access token, and by the key that the token is bound to: a token
 * that is bound is worth nothing without its key (RFC 7800). There is no way down: a token bound to
 * a key is taken by the scheme {@code DPoP} with a proof alone, one bound to a certificate with
 * exactly that certificate alone, and the scheme {@code DPoP} with a token that nothing binds is
 * refused, because its sender believes that something does.
 */
public final class HolderVerifier {
  private final TokenVerifier tokens;
  private final Optional<DpopVerifier> dpop;

  /**
   * A verifier.
   *
   * @param dpop proves keys; empty: the scheme {@code DPoP} is not offered
   */
  public HolderVerifier(TokenVerifier tokens, Optional<DpopVerifier> dpop) {
    this.tokens = tokens;
    this.dpop = dpop;
  }

  /**
   * Proves the caller.
   *
   * @param authorization the values of all {@code Authorization} headers
   * @return fails with a {@link Rejection}
   */
  public Future<Caller> authenticate(List<String> authorization, TokenHolder holder) {
    PresentedToken token;
    try {
      token = PresentedToken.from(authorization).orElseThrow(Refusal.TOKEN_MISSING::rejection);
    } catch (Rejection e) {
      return tokens.refuse(e);
    }
    if (token.scheme() == Scheme.DPOP && dpop.isEmpty()) {
      return tokens.refuse(Refusal.AUTHORIZATION_SCHEME.rejection());
    }
    return tokens.verify(token.text()).compose(caller -> prove(caller, token, holder));
  }

  /** Proves the caller where nobody can show a key: by a token that nothing binds. */
  public Future<Caller> bearer(List<String> authorization) {
    return authenticate(authorization, Nobody.INSTANCE);
  }

  /** Whether the request presents its token by the scheme {@code DPoP}. */
  public static boolean isDpop(List<String> authorization) {
    return authorization.size() == 1
        && PresentedToken.scheme(authorization.getFirst()).filter(Scheme.DPOP::equals).isPresent();
  }

  private Future<Caller> prove(Caller caller, PresentedToken token, TokenHolder holder) {
    Optional<Binding> binding = caller.credential().binding();
    boolean byKey = binding.isPresent() && binding.get().kind() == Kind.KEY;
    if (token.scheme() == Scheme.DPOP) {
      return byKey
          ? dpop.orElseThrow()
              .verify(token.text(), binding.get().thumbprint(), holder)
              .map(caller)
              .recover(tokens::refuse)
          : tokens.refuse(Refusal.TOKEN_UNBOUND.rejection());
    }
    if (binding.isEmpty()) {
      return Future.succeededFuture(caller);
    }
    if (byKey) {
      return tokens.refuse(Refusal.TOKEN_BOUND.rejection());
    }
    Optional<String> certificate = holder.certificateThumbprint();
    if (certificate.isEmpty()) {
      return tokens.refuse(Refusal.CERTIFICATE_MISSING.rejection());
    }
    return certificate.get().equals(binding.get().thumbprint())
        ? Future.succeededFuture(caller)
        : tokens.refuse(Refusal.CERTIFICATE_OTHER.rejection());
  }

  /** A sender who shows nothing. */
  private enum Nobody implements TokenHolder {
    INSTANCE;

    @Override
    public List<String> proofs() {
      return List.of();
    }

    @Override
    public String method() {
      return "";
    }

    @Override
    public String target() {
      return "";
    }

    @Override
    public Optional<String> certificateThumbprint() {
      return Optional.empty();
    }
  }
}
