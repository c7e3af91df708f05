package io.portcullis.session;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What somebody who begins a login asks for.
 *
 * @param tenant the organization's alias; empty to leave it to the issuer
 * @param returnTo where the browser goes afterwards, a path on this host
 * @param level how strongly they shall prove who they are, anew; empty for an ordinary login
 */
record LoginWish(String tenant, String returnTo, String level) {
  private static final Set<String> KNOWN = Set.of("tenant", "return_to", "acr");
  private static final Pattern TENANT = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final Pattern LEVEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");

  /**
   * Reads the query.
   *
   * @throws Rejection {@code invalid-request} when something in it is not as it must be
   */
  static LoginWish of(Map<String, String> query) {
    if (!KNOWN.containsAll(query.keySet())) {
      throw invalid("login-parameter", "A login takes the parameters tenant, return_to and acr.");
    }
    String tenant = query.getOrDefault("tenant", "");
    if (!tenant.isEmpty() && !TENANT.matcher(tenant).matches()) {
      throw invalid("login-tenant-form", "The parameter tenant is not the name of a tenant.");
    }
    String level = query.getOrDefault("acr", "");
    if (!level.isEmpty() && !LEVEL.matcher(level).matches()) {
      throw invalid("login-level-form", "The parameter acr is not a level.");
    }
    return new LoginWish(tenant, ReturnTo.checked(query.getOrDefault("return_to", "/")), level);
  }

  private static Rejection invalid(String reason, String detail) {
    return Rejection.of(Problem.INVALID_REQUEST, reason, detail);
  }
}
