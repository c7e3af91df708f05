package io.portcullis.bench;

import java.net.URI;

/**
 * What has to be true of both sides before a figure means anything: they answer, and they really
 * refuse.
 */
final class Checks {
  /** A limit that the load never reaches within its minute. */
  static final long LIMIT = 4_000_000;

  /**
   * What one request to {@link #DEAR} costs in the limits; {@code bench/portcullis.yaml} says so.
   */
  private static final int DEAR_COST = 10_000;

  private static final String DEAR = "/bench/dear";

  /** How many of the dear requests the limit admits; the small peer's limit of plain ones. */
  static final int ADMITTED = (int) (LIMIT / DEAR_COST);

  private static final String CONSTANT = "constant\n";

  private final Web web;

  Checks(Web web) {
    this.web = web;
  }

  /** The constant for a good token; 401 without one and for one whose signature is not its own. */
  void credentials(String server, URI address, String token) {
    URI uri = address.resolve(Scenario.PROXY.path());
    Web.Answer answer = web.get(uri, token);
    if (answer.status() != 200 || !answer.body().equals(CONSTANT)) {
      throw BenchFailure.of(
          "%s answers a good token with %d: %s"
              .formatted(server, answer.status(), answer.body().strip()));
    }
    expect(server, uri, "", 401, "no token");
    expect(server, uri, tampered(token), 401, "a token with a wrong signature");
  }

  /** A request that is answered with 200. */
  void answers(String server, URI uri, String token) {
    expect(server, uri, token, 200, "a good token");
  }

  /** The gateway admits what its limit allows, to the request, and refuses the next. */
  void gatewayLimit(URI address, String token) {
    limit("the gateway", address.resolve(DEAR), token);
  }

  /** So does HAProxy. */
  void peerLimit(URI address, String token) {
    limit("HAProxy", address.resolve(Scenario.PROXY.path()), token);
  }

  private void limit(String server, URI uri, String token) {
    for (int i = 1; i <= ADMITTED; i++) {
      expect(server, uri, token, 200, "request %d of %d".formatted(i, ADMITTED));
    }
    expect(server, uri, token, 429, "one request over the limit");
  }

  private void expect(String server, URI uri, String token, int status, String what) {
    int answered = web.get(uri, token).status();
    if (answered != status) {
      throw BenchFailure.of(
          "%s answers %s with %d instead of %d (%s)"
              .formatted(server, what, answered, status, uri.getPath()));
    }
  }

  /** The same token with one bit of the signature changed, still well-formed base64url. */
  static String tampered(String token) {
    int at = token.lastIndexOf('.') + 20;
    char other = token.charAt(at) == 'A' ? 'B' : 'A';
    return token.substring(0, at) + other + token.substring(at + 1);
  }
}
