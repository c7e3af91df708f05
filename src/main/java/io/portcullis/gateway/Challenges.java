package io.portcullis.gateway;

import io.portcullis.identity.HolderVerifier;
import io.portcullis.model.Rejection;
import io.vertx.core.http.HttpHeaders;

/**
 * What a 401 asks for: the scheme {@code Bearer} (RFC 6750, section 3), {@code DPoP} (RFC 9449,
 * section 7.1), or either where either would do; a stronger authentication (RFC 9470, section 3).
 *
 * @param algorithms the algorithms of DPoP proofs, separated by spaces; empty: not offered
 */
record Challenges(String algorithms) {
  private static final String BEARER = "Bearer realm=\"portcullis\"";
  private static final String DPOP = "DPoP realm=\"portcullis\"";
  private static final String PROOF_REASONS = "dpop-";

  /**
   * The value of {@code WWW-Authenticate}: no error code when no credential came, else one that
   * says what is wrong with it.
   */
  String of(Exchange exchange, Rejection rejection) {
    String reason = rejection.reason();
    return switch (reason) {
      case "token-missing", "session-missing" -> BEARER + orDpop();
      case "authorization-repeated", "authorization-scheme", "authorization-malformed" ->
          BEARER + ", error=\"invalid_request\"" + orDpop();
      case "token-bound" -> BEARER + error("invalid_token", rejection) + orDpop();
      case "dpop-nonce-missing", "dpop-nonce-stale" -> dpop("use_dpop_nonce", rejection);
      case Authorizer.LEVEL_MISSING ->
          (isDpop(exchange) ? DPOP : BEARER)
              + error("insufficient_user_authentication", rejection)
              + ", acr_values=\""
              + exchange.match().route().config().level()
              + "\"";
      case Authorizer.DPOP_DEMANDED -> dpop("invalid_token", rejection);
      default -> {
        if (reason.startsWith(PROOF_REASONS)) {
          yield dpop("invalid_dpop_proof", rejection);
        }
        yield isDpop(exchange)
            ? dpop("invalid_token", rejection)
            : BEARER + error("invalid_token", rejection);
      }
    };
  }

  private boolean isDpop(Exchange exchange) {
    return !algorithms.isEmpty()
        && HolderVerifier.isDpop(exchange.request.headers().getAll(HttpHeaders.AUTHORIZATION));
  }

  private String orDpop() {
    return algorithms.isEmpty() ? "" : ", DPoP algs=\"" + algorithms + "\"";
  }

  private String dpop(String code, Rejection rejection) {
    return DPOP
        + error(code, rejection)
        + (algorithms.isEmpty() ? "" : ", algs=\"" + algorithms + "\"");
  }

  private static String error(String code, Rejection rejection) {
    return ", error=\""
        + code
        + "\", error_description=\""
        + rejection.detail().replaceAll("[^\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]", "'")
        + "\"";
  }
}
