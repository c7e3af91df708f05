package io.portcullis.realm;

import io.portcullis.json.JsonLimits;
import io.portcullis.json.JsonText;
import io.portcullis.json.JsonTextException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a realm shall be, in the words of Keycloak's import files.
 *
 * @param json the representation, placeholders filled; full of secrets
 */
public record RealmData(JsonObject json) {
  private static final Set<String> BUILT_IN =
      Set.of("account", "account-console", "broker", "realm-management", "security-admin-console");

  private static final JsonLimits LIMITS = new JsonLimits(4 << 20, 64, 1 << 16, 100_000);

  /** Refuses data that names no realm. */
  public RealmData {
    if (!(json.getValue("realm") instanceof String name) || name.isEmpty()) {
      throw new RealmException("The realm's files do not name the realm");
    }
  }

  /**
   * Reads files, each laid over those before it, and fills their placeholders.
   *
   * @throws RealmException naming the file and place, the variables that are missing, or a
   *     directory whose passwords would be read on the way
   */
  public static RealmData read(List<Path> files, Map<String, String> environment) {
    JsonObject filled = Placeholders.fill(merged(files), environment);
    Directories.check(filled);
    return new RealmData(filled);
  }

  /** What names the files' content, whatever the variables are. */
  public static String digest(List<Path> files) {
    return digest(merged(files));
  }

  /** The name of the realm. */
  public String name() {
    return json.getString("realm");
  }

  /**
   * What Keycloak's own import takes. It makes some clients itself before it reads the data, so
   * those are left to {@link RealmApply}. Full of secrets.
   */
  public JsonObject importForm() {
    JsonObject form = json.copy();
    JsonArray clients = new JsonArray();
    for (JsonObject client : Things.objects(form, "clients")) {
      if (!BUILT_IN.contains(client.getString("clientId"))) {
        clients.add(client);
      }
    }
    return clients.isEmpty() ? form : form.put("clients", clients);
  }

  /** The same for a realm of another name. */
  public RealmData withName(String name) {
    return new RealmData(json.copy().put("realm", name));
  }

  /** What names this content, secrets included; it does not reveal it. */
  public String digest() {
    return digest(json);
  }

  private static JsonObject merged(List<Path> files) {
    JsonObject merged = new JsonObject();
    for (Path file : files) {
      merged = Overlay.merge(merged, parse(file));
    }
    return merged;
  }

  private static JsonObject parse(Path file) {
    try {
      return JsonText.parseObject(Files.readAllBytes(file), LIMITS);
    } catch (IOException e) {
      throw new RealmException("Cannot read the realm's file " + file, e);
    } catch (JsonTextException e) {
      throw new RealmException("The realm's file " + file + ": " + e.getMessage(), e);
    }
  }

  private static String digest(JsonObject json) {
    try {
      byte[] text = json.encode().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public String toString() {
    return "RealmData[" + name() + "]";
  }
}
