package io.portcullis.gateway;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whether a request that a browser adds its session to was meant by our own page. Three things that
 * a foreign page cannot bring about must agree: the browser's own word of where the request began
 * (Fetch Metadata), its origin (RFC 6454, section 7), and a header that no form can send and no
 * foreign script without being asked about it first (Fetch, section 3.3). The cookie itself, {@code
 * SameSite=Strict}, is the fourth.
 *
 * <p>A credential that its holder adds by hand needs none of this.
 */
final class Csrf {
  static final String HEADER = "x-pc-csrf";
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final String origin;
  private final Predicate<String> foreign;

  /**
   * @param origin our own, as browsers write it; empty when it is not known, then nothing passes
   * @param foreign whether scripts of another origin may use sessions
   */
  Csrf(String origin, Predicate<String> foreign) {
    this.origin = origin;
    this.foreign = foreign;
  }

  /**
   * For requests of scripts.
   *
   * @throws Rejection {@code forbidden} when an unsafe request does not prove where it began
   */
  void check(HttpMethod method, MultiMap headers) {
    if (SAFE.contains(method)) {
      return;
    }
    checkPlace(headers, false);
    if (!"1".equals(single(headers, HEADER))) {
      throw refused("csrf-header", "A request with the session cookie needs the header X-PC-CSRF.");
    }
  }

  /**
   * For a form, which cannot send the header: here the browser must say by itself that the form
   * stood on a page of ours.
   *
   * @throws Rejection {@code forbidden} when it does not
   */
  void checkForm(MultiMap headers) {
    checkPlace(headers, true);
  }

  private void checkPlace(MultiMap headers, boolean form) {
    String from = single(headers, "origin");
    boolean ours = !origin.isEmpty() && from.equals(origin);
    if (!ours && (form || from.isEmpty() || !foreign.test(from))) {
      throw refused("csrf-origin", "The request does not come from a page of this host.");
    }
    String site = single(headers, "sec-fetch-site");
    boolean silent = site.isEmpty() && !form;
    if (ours && !silent && !site.equals("same-origin")) {
      throw refused("csrf-site", "The request does not come from a page of this host.");
    }
  }

  /** The one value; empty when there is none, and of no use when there are several. */
  private static String single(MultiMap headers, String name) {
    List<String> values = headers.getAll(name);
    return values.isEmpty() ? "" : values.size() == 1 ? values.getFirst() : "several";
  }

  private static Rejection refused(String reason, String detail) {
    return Rejection.of(Problem.FORBIDDEN, reason, detail);
  }
}
