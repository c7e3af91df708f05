package io.portcullis.realm;

import io.portcullis.tls.Trust;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Brings a running Keycloak to what the data says, or tells how it differs. Idempotent: it reads
 * first and changes only what differs, in the order in which things need each other, so after a
 * failure half-way the next run goes on. Users, organizations and identity providers are not
 * touched; a realm that is not there is made as Keycloak's own import does, users included. Blocks.
 */
public final class RealmApply implements AutoCloseable {
  private final HttpClient http;
  private final AdminApi api;

  /**
   * An administrator's access; connects when it is used. An https address is proved by whom the JVM
   * trusts.
   *
   * @param keycloak the base address
   */
  public RealmApply(URI keycloak, AdminLogin login) {
    this(keycloak, login, Optional.empty());
  }

  /**
   * An administrator's access; connects when it is used.
   *
   * @param keycloak the base address
   * @param trust the certificates that vouch for an https address, PEM; absent: whom the JVM trusts
   */
  public RealmApply(URI keycloak, AdminLogin login, Optional<Path> trust) {
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(Trust.of(trust).context())
            .build();
    this.api = new AdminApi(http, keycloak, login);
  }

  /**
   * Tells the differences and changes nothing.
   *
   * @return how many there are
   * @throws RealmException when Keycloak or the data does not let it
   */
  public int check(RealmData data, Consumer<Drift> listener) {
    return run(data, true, listener);
  }

  /**
   * Tells the differences and repairs each.
   *
   * @return how many there were
   * @throws RealmException when Keycloak or the data does not let it; what was repaired stays so
   */
  public int apply(RealmData data, Consumer<Drift> listener) {
    return run(data, false, listener);
  }

  private int run(RealmData data, boolean check, Consumer<Drift> listener) {
    JsonObject json = data.json();
    RealmSettings.check(json);
    Run run = new Run(api, data.name(), check, listener);
    if (run.find("").isEmpty()) {
      run.tell(Drift.missing("realm"));
      run.create(data.importForm());
      if (check) {
        return run.drifts();
      }
    }
    all(run, json);
    return run.drifts();
  }

  private static void all(Run run, JsonObject json) {
    RealmSettings settings = new RealmSettings(run, json);
    settings.settings();
    ClientScopes scopes = new ClientScopes(run, json);
    scopes.scopes();
    ClientIndex index = new ClientIndex(run);
    Clients clients = new Clients(run, json, index, scopes);
    clients.clients();
    HeldRoles held = new HeldRoles(run, index);
    Roles roles = new Roles(run, json, index, held);
    roles.roles();
    clients.scopeMappings(held);
    clients.serviceAccounts(held);
    roles.ofEverybody();
    roles.groups();
    new RequiredActions(run, json).actions();
    new Flows(run, json).flows();
    settings.bindings();
    settings.providers();
    Components components = new Components(run, json);
    components.components();
    components.strangers();
    components.profile();
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
