package io.portcullis.realm;

import io.portcullis.local.LocalRealm;
import io.portcullis.local.LocalSystem;
import io.portcullis.local.TestSystem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A realm of a test's own in the shared Keycloak, from the shipped files. */
final class TestRealm implements AutoCloseable {
  static final Path FOLDER = Path.of("docker/keycloak");

  private final LocalSystem system = TestSystem.shared();
  private final RealmApply apply;
  final RealmData data;

  private TestRealm(RealmData data) {
    this.data = data;
    this.apply =
        new RealmApply(system.keycloak(), AdminLogin.person("master", "admin", password()));
  }

  /** Not made yet. The name must be the test's own. */
  static TestRealm named(String name, String... overlays) {
    List<Path> files = new ArrayList<>(List.of(FOLDER.resolve("portcullis-realm.json")));
    for (String overlay : overlays) {
      files.add(FOLDER.resolve(overlay));
    }
    return new TestRealm(RealmData.read(files, variables()).withName(name));
  }

  static String password() {
    return LocalRealm.administratorPassword(TestSystem.shared().directory());
  }

  /** Everything that the files ask for. */
  static Map<String, String> variables() {
    Map<String, String> variables = new HashMap<>();
    variables.put("PORTCULLIS_HTTP_PUBLIC_URL", "https://api.example.test");
    variables.put("PORTCULLIS_BACKCHANNEL_URL", "https://gateway.example.test");
    variables.put("PORTCULLIS_CONSOLE_URL", "https://console.example.test");
    for (String name : List.of("KEYCLOAK_SECRET", "LOGIN_CLIENT_SECRET", "OPS_CLIENT_SECRET")) {
      variables.put("PORTCULLIS_" + name, "of-the-test-" + name);
    }
    variables.put("PORTCULLIS_AI_CLIENT_SECRET", "of-the-test-too");
    for (String name : List.of("HOST", "FROM", "USER", "PASSWORD")) {
      variables.put("PORTCULLIS_SMTP_" + name, name + "@mail.example.test");
    }
    variables.put("PORTCULLIS_LDAP_URL", "ldap://127.0.0.1:1");
    for (String name : List.of("BIND_DN", "BIND_PASSWORD", "USERS_DN", "GROUPS_DN")) {
      variables.put("PORTCULLIS_LDAP_" + name, "cn=" + name);
    }
    return variables;
  }

  /** With nothing of its own. */
  void makeEmpty() {
    JsonObject bare = new JsonObject().put("realm", data.name()).put("enabled", true);
    apply.apply(new RealmData(bare), drift -> {});
  }

  List<String> check() {
    List<String> drifts = new ArrayList<>();
    apply.check(data, drift -> drifts.add(drift.toString()));
    return drifts;
  }

  List<String> apply() {
    List<String> drifts = new ArrayList<>();
    apply.apply(data, drift -> drifts.add(drift.toString()));
    return drifts;
  }

  JsonObject object(String path) {
    return new JsonObject(call("GET", path, ""));
  }

  JsonArray list(String path) {
    return new JsonArray(call("GET", path, ""));
  }

  String call(String method, String path, String body) {
    Set<Integer> done = Set.of(200, 201, 202, 204);
    return system.admin().call(method, data.name() + path, body, done);
  }

  /** The first of a list whose member has that value. */
  JsonObject named(String path, String member, String value) {
    return Things.objects(list(path)).stream()
        .filter(thing -> value.equals(thing.getString(member)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + value + " in " + path));
  }

  /** The path of a client. */
  String client(String name) {
    return "/clients/" + named("/clients", "clientId", name).getString("id");
  }

  @Override
  public void close() {
    apply.close();
    system.admin().deleteRealm(data.name());
  }
}
