package io.portcullis.config;

import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.AmountForms.size;
import static io.portcullis.config.TextForms.choice;
import static io.portcullis.config.TextForms.oneOf;
import static io.portcullis.config.TextForms.roleName;
import static io.portcullis.config.TextForms.shortName;
import static io.portcullis.config.TextForms.word;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One reachable operation. What no route names is not reachable.
 *
 * @param name for metrics and logs, e.g. {@code conversations}
 * @param path a template, e.g. {@code /api/v1/conversations/{id}}; a last segment {@code *} takes
 *     the rest
 * @param methods the methods it takes
 * @param target where it goes
 * @param roles the caller needs at least one of these; empty asks for none
 * @param scopes the caller needs all of these
 * @param access what the caller must have proved
 * @param maxBodyBytes limit of the body; 0 for the listener's default
 * @param cost what one request costs in the limits
 * @param listener where it is reachable
 * @param services roles of the services that may ask, on the internal listener
 * @param level how strongly the caller must have proved who they are ({@code acr}); 0 for any way
 */
public record RouteConfig(
    String name,
    String path,
    Set<String> methods,
    Target target,
    Set<String> roles,
    Set<String> scopes,
    Access access,
    long maxBodyBytes,
    int cost,
    Listener listener,
    Set<String> services,
    int level) {

  /** Where a route is reachable. */
  public enum Listener {
    /** From outside, with tokens. The default. */
    PUBLIC,
    /** For named services alone, with certificates. */
    INTERNAL
  }

  /** What the caller must have proved. */
  public enum Access {
    /** Nothing: anybody may ask. */
    PUBLIC,
    /** A credential. */
    CALLER,
    /** A credential of exactly one, active tenant. The default. */
    TENANT
  }

  /** Where a request goes. */
  public sealed interface Target {
    /** An operation that the gateway answers itself, e.g. {@code me}. */
    record Local(String operation) implements Target {}

    /**
     * A service on the event bus, e.g. {@code chat} with {@code conversation}; the method completes
     * the operation.
     */
    record Service(String service, String operation) implements Target {}

    /** An upstream by name; the path is forwarded as it came. */
    record Upstream(String upstream) implements Target {}

    /** Exactly one of the three. */
    private static Target read(Section route) {
      Optional<String> local =
          route.optional(
              "local",
              oneOf(
                  "me",
                  "quota",
                  "openapi",
                  "login",
                  "callback",
                  "session",
                  "logout",
                  "backchannel-logout"),
              "what the gateway answers itself");
      Optional<String> service =
          route.optional("service", shortName(), "a service on the event bus");
      Optional<String> operation =
          route.optional(
              "operation", shortName(), "the service's operation; the method completes its name");
      Optional<String> upstream =
          route.optional("upstream", shortName(), "an upstream; the path is forwarded as it came");
      route.check(
          Stream.of(local, service, upstream).filter(Optional::isPresent).count() == 1,
          "expected exactly one of local, service and upstream",
          "local",
          "service",
          "upstream");
      route.check(
          service.isPresent() == operation.isPresent(),
          "expected service and operation together",
          "service",
          "operation");
      Target elsewhere =
          service
              .<Target>map(name -> new Service(name, operation.orElse("")))
              .orElseGet(() -> new Upstream(upstream.orElse("")));
      return local.<Target>map(Local::new).orElse(elsewhere);
    }
  }

  static RouteConfig read(Section route) {
    RouteConfig config =
        new RouteConfig(
            route.required("name", shortName(), "for metrics and logs"),
            route.required(
                "path",
                PathTemplate.form(),
                "a template; `{name}` takes a segment, a last segment `*` the rest"),
            route.requiredSet(
                "methods",
                oneOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
                "the methods it takes"),
            Target.read(route),
            route.set(
                "roles",
                word(),
                List.of(),
                "the caller needs at least one of these; empty asks for none"),
            route.set("scopes", word(), List.of(), "the caller needs all of these"),
            route.value(
                "access",
                choice(Access.class),
                "tenant",
                "what the caller must have proved: nothing, a credential, or a credential of exactly"
                    + " one active tenant"),
            route.value(
                "max-body-bytes",
                size("0B", "1GiB"),
                "0B",
                "limit of the body; 0B for the listener's default"),
            route.value("cost", number(1, 10_000), "1", "what one request costs in the limits"),
            route.value(
                "listener",
                choice(Listener.class),
                "public",
                "where it is reachable: from outside, or for named services alone"),
            route.set(
                "services",
                roleName(),
                List.of(),
                "services of `internal.clients` that may ask; needed on the internal listener and"
                    + " nowhere else"),
            route.value(
                "level",
                number(0, 9),
                "0",
                "how strongly the caller must have proved who they are (`acr`): 1 a password, 2 a"
                    + " second factor; 0 for any way"));
    RouteRules.check(route, config);
    return config;
  }
}
