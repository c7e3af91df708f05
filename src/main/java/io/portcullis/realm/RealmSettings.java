package io.portcullis.realm;

import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;

/** The realm's own settings: everything at the top of the data that is not a thing of its own. */
final class RealmSettings {
  /** Which flow serves what; they must exist first. */
  private static final Set<String> BINDINGS =
      Set.of(
          "browserFlow",
          "directGrantFlow",
          "resetCredentialsFlow",
          "registrationFlow",
          "clientAuthenticationFlow",
          "firstBrokerLoginFlow",
          "dockerAuthenticationFlow");

  /** What the other steps see to. */
  private static final Set<String> THINGS =
      Set.of(
          "realm",
          "id",
          "roles",
          "groups",
          "users",
          "clients",
          "clientScopes",
          "defaultDefaultClientScopes",
          "defaultOptionalClientScopes",
          "scopeMappings",
          "clientScopeMappings",
          "authenticationFlows",
          "authenticatorConfig",
          "requiredActions",
          "components");

  /** What an import would take and no step knows. Silence would be a lie. */
  private static final Set<String> UNKNOWN =
      Set.of(
          "identityProviders",
          "identityProviderMappers",
          "clientProfiles",
          "clientPolicies",
          "defaultRoles",
          "defaultRole",
          "defaultGroups",
          "organizations",
          "federatedUsers",
          "userFederationProviders",
          "userFederationMappers",
          "localizationTexts");

  private final Run run;
  private final JsonObject data;

  RealmSettings(Run run, JsonObject data) {
    this.run = run;
    this.data = data;
  }

  /**
   * Refuses data that holds what cannot be compared.
   *
   * @throws RealmException naming the members
   */
  static void check(JsonObject data) {
    Set<String> unknown = new TreeSet<>(data.fieldNames());
    unknown.retainAll(UNKNOWN);
    if (!unknown.isEmpty()) {
      throw new RealmException(
          "The realm's data holds what cannot be compared: " + String.join(", ", unknown));
    }
  }

  void settings() {
    JsonObject rest = Things.without(data, THINGS);
    apply(Things.without(rest, BINDINGS));
  }

  void bindings() {
    JsonObject bound = new JsonObject();
    BINDINGS.stream()
        .filter(data::containsKey)
        .forEach(name -> bound.put(name, data.getValue(name)));
    apply(bound);
  }

  /**
   * Other identity providers are a way round the second factor, and the data names none. They are
   * told and not taken away: people may hang on them.
   */
  void providers() {
    for (JsonObject provider : Things.objects(run.list("/identity-provider/instances"))) {
      run.tell(Drift.foreign("identityProviders/" + provider.getString("alias")));
    }
  }

  /** Keycloak sets parts that belong together as a whole, so it gets all of them back. */
  private void apply(JsonObject shall) {
    JsonObject is = run.object("");
    if (run.differs("realm", shall, is)) {
      run.put("", Overlay.merge(is, shall));
    }
  }
}
