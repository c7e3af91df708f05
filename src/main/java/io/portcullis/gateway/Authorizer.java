package io.portcullis.gateway;

import io.portcullis.config.RouteConfig;
import io.portcullis.config.RouteConfig.Access;
import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.Level;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.Tenant;
import io.portcullis.model.TokenBinding;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * May this caller do this? The tenant first, because it is the harder wall: it comes from the
 * verified credential, and whatever else in the request names a tenant (header, host, path) must
 * name the same one.
 */
final class Authorizer {
  static final String TENANT_HEADER = "x-tenant";
  static final String LEVEL_MISSING = "level-missing";

  /** Why a caller is refused whose tenant asks for tokens that a DPoP proof confirms. */
  static final String DPOP_DEMANDED = "binding-dpop";

  private static final String CLAIM = "claim";

  /** What may be a tenant's name or id; else it is a text of the caller's, which no trail keeps. */
  private static final Pattern NAMED = Pattern.compile("[a-z0-9-]{1,63}");

  private static final String TENANT_PARAMETER = "tenant";

  private final String hostSuffix;
  private final BooleanSupplier registryLoaded;

  /**
   * @param hostSuffix such that {@code <tenant><suffix>} names a tenant; empty when hosts name none
   * @param registryLoaded whether the registry of tenants is known at all
   */
  Authorizer(String hostSuffix, BooleanSupplier registryLoaded) {
    this.hostSuffix = hostSuffix.toLowerCase(Locale.ROOT);
    this.registryLoaded = registryLoaded;
  }

  /** Throws the {@link Rejection} that says why not, or returns. */
  void check(Exchange exchange, Caller caller) {
    RouteConfig route = exchange.match().route().config();
    caller.tenant().ifPresent(tenant -> checkBinding(exchange, tenant, caller.credential()));
    if (route.access() == Access.TENANT) {
      checkTenant(exchange, caller);
    } else {
      caller.tenant().ifPresent(tenant -> checkNamed(exchange, tenant));
    }
    if (!route.roles().isEmpty() && disjoint(route.roles(), caller.roles())) {
      String needed = String.join(", ", route.roles().stream().sorted().toList());
      throw Rejection.of(
              Problem.FORBIDDEN, "role-missing", "This needs one of the roles " + needed + ".")
          .with("required_roles", needed);
    }
    if (!route.scopes().isEmpty() && !caller.scopes().containsAll(route.scopes())) {
      String needed = String.join(", ", route.scopes().stream().sorted().toList());
      throw Rejection.of(
              Problem.FORBIDDEN, "scope-missing", "This needs the scopes " + needed + ".")
          .with("required_scopes", needed);
    }
    if (route.level() > 0
        && !Level.reaches(caller.credential().level(), Integer.toString(route.level()))) {
      throw Rejection.of(
              Problem.UNAUTHENTICATED, LEVEL_MISSING, "This needs a stronger authentication.")
          .with("required_level", Integer.toString(route.level()))
          .with("level", caller.credential().level());
    }
  }

  /**
   * 401 and not 403: another token of the same caller would do, and this is how a client learns to
   * get one. Whoever was proved without carrying a token has none that could be stolen.
   */
  private static void checkBinding(Exchange exchange, Tenant tenant, Credential credential) {
    TokenBinding demanded = tenant.tokenBinding();
    if (exchange.evidence() != Evidence.ACCESS_TOKEN || demanded.isMetBy(credential)) {
      return;
    }
    boolean dpop = demanded == TokenBinding.DPOP;
    throw Rejection.of(
            Problem.UNAUTHENTICATED,
            dpop ? DPOP_DEMANDED : "binding-mtls",
            "The tenant takes only access tokens that are bound to "
                + (dpop ? "a key, with a DPoP proof." : "the client certificate."))
        .with(CLAIM, "cnf")
        .with("token_binding", demanded.label());
  }

  private void checkTenant(Exchange exchange, Caller caller) {
    int named = caller.organizations().size();
    if (named != 1) {
      throw Rejection.of(
              Problem.TENANT_AMBIGUOUS,
              named == 0 ? "organization-missing" : "organization-several",
              "The token must name exactly one organization; it names "
                  + (named == 0 ? "none." : named + "."))
          .with(CLAIM, "organization");
    }
    if (caller.tenant().isEmpty()) {
      if (!registryLoaded.getAsBoolean()) {
        throw Rejection.unavailable("postgresql");
      }
      throw Rejection.of(
              Problem.FORBIDDEN, "tenant-unknown", "The token's organization is not a tenant here.")
          .with(CLAIM, "organization")
          .with("organization", caller.organizations().getFirst());
    }
    Tenant tenant = caller.tenant().get();
    checkNamed(exchange, tenant);
    if (tenant.state() != Tenant.State.ACTIVE) {
      throw Rejection.of(Problem.TENANT_SUSPENDED, "tenant-suspended", "The tenant is suspended.");
    }
  }

  private void checkNamed(Exchange exchange, Tenant tenant) {
    HttpServerRequest request = exchange.request;
    if (request.headers().contains(TENANT_HEADER)) {
      List<String> headers = request.headers().getAll(TENANT_HEADER);
      if (headers.size() > 1) {
        throw Rejection.of(
            Problem.INVALID_REQUEST, "tenant-header-repeated", "The header X-Tenant is repeated.");
      }
      same(tenant, headers.getFirst(), "header");
    }
    if (!hostSuffix.isEmpty()) {
      HostAndPort authority = request.authority();
      String host = authority == null ? "" : authority.host().toLowerCase(Locale.ROOT);
      if (host.endsWith(".")) {
        host = host.substring(0, host.length() - 1); // the same name, fully qualified
      }
      if (host.endsWith(hostSuffix)) {
        same(tenant, host.substring(0, host.length() - hostSuffix.length()), "host");
      }
    }
    int position = exchange.match().route().parameters().indexOf(TENANT_PARAMETER);
    if (position >= 0) {
      same(tenant, exchange.match().values().get(position), "path");
    }
  }

  private static void same(Tenant tenant, String named, String where) {
    if (!named.equals(tenant.name()) && !named.equals(tenant.id().value())) {
      throw Rejection.of(
              Problem.TENANT_MISMATCH,
              "tenant-mismatch-" + where,
              "The tenant that the " + where + " names is not the token's.")
          .with("named_tenant", NAMED.matcher(named).matches() ? named : "(other)")
          .with("token_tenant", tenant.name());
    }
  }

  private static boolean disjoint(Set<String> needed, Set<String> present) {
    for (String role : needed) {
      if (present.contains(role)) {
        return false;
      }
    }
    return true;
  }
}
