package io.portcullis.gateway;

import io.portcullis.config.HttpConfig;
import io.portcullis.identity.DpopVerifier;
import io.portcullis.identity.HolderVerifier;
import io.portcullis.identity.TokenHolder;
import io.portcullis.identity.TokenVerifier;
import io.portcullis.model.Caller;
import io.portcullis.model.Tenant;
import io.portcullis.model.TokenBinding;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;

/**
 * The caller by the access token that a request carries and the key that it is bound to. Whoever
 * uses DPoP, or should, finds the nonce for the next proof on the answer, whatever the answer is.
 */
final class Holders {
  private static final CharSequence PROOF = HttpHeaders.createOptimized("dpop");
  private static final CharSequence NONCE = HttpHeaders.createOptimized("dpop-nonce");

  private final HolderVerifier verifier;
  private final Optional<DpopVerifier> dpop;
  private final Optional<PublicTarget> target;

  private Holders(
      HolderVerifier verifier, Optional<DpopVerifier> dpop, Optional<PublicTarget> target) {
    this.verifier = verifier;
    this.dpop = dpop;
    this.target = target;
  }

  /** DPoP is offered where the gateway knows its own address. */
  static Holders of(TokenVerifier tokens, DpopVerifier dpop, HttpConfig http) {
    Optional<PublicTarget> target =
        http.publicUrl().map(url -> new PublicTarget(url, http.tenantHosts()));
    Optional<DpopVerifier> offered = target.map(known -> dpop);
    return new Holders(new HolderVerifier(tokens, offered), offered, target);
  }

  /** What a 401 asks for. */
  Challenges challenges() {
    return new Challenges(dpop.map(DpopVerifier::algorithms).orElse(""));
  }

  /** The proved caller; fails with a {@link io.portcullis.model.Rejection}. */
  Future<Caller> prove(Exchange exchange) {
    List<String> authorization = exchange.request.headers().getAll(HttpHeaders.AUTHORIZATION);
    if (dpop.isEmpty()) {
      return verifier.authenticate(authorization, new Sender(exchange));
    }
    if (HolderVerifier.isDpop(authorization)) {
      giveNonce(exchange);
      return verifier.authenticate(authorization, new Sender(exchange));
    }
    return verifier
        .authenticate(authorization, new Sender(exchange))
        .map(
            caller -> {
              if (demandsDpop(caller) && !exchange.isOver()) {
                giveNonce(exchange);
              }
              return caller;
            });
  }

  private void giveNonce(Exchange exchange) {
    dpop.ifPresent(proofs -> exchange.response.putHeader(NONCE, proofs.nonce()));
  }

  private static boolean demandsDpop(Caller caller) {
    return caller.tenant().map(Tenant::tokenBinding).filter(TokenBinding.DPOP::equals).isPresent();
  }

  /** What the request says of its sender. */
  private final class Sender implements TokenHolder {
    private final Exchange exchange;

    Sender(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public List<String> proofs() {
      return exchange.request.headers().getAll(PROOF);
    }

    @Override
    public String method() {
      return exchange.request.method().name();
    }

    @Override
    public String target() {
      return target.orElseThrow().of(exchange.request);
    }

    @Override
    public Optional<String> certificateThumbprint() {
      return exchange.certificateThumbprint();
    }
  }
}
