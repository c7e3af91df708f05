package io.portcullis.tls;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code ca.json}, read and written. */
record CaStateFile(Path file) {
  private static final int VERSION = 1;
  private static final long MOST_BYTES = 64L * 1024 * 1024;

  /**
   * The state.
   *
   * @throws CaException naming the file, when it is missing, open to others or damaged
   */
  CaState read() throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CaException(
          PrivateFiles.folderOf(file)
              + " holds no certificate authority; make one: portcullis certs init");
    }
    PrivateFiles.check(file);
    if (Files.size(file) > MOST_BYTES) {
      throw new CaException(file + " is larger than anything written here");
    }
    String text = Files.readString(file);
    try {
      return state(new JsonObject(text));
    } catch (RuntimeException e) {
      throw new CaException(file + " is damaged: " + Shown.of(String.valueOf(e.getMessage())), e);
    }
  }

  void write(CaState state) throws IOException {
    PrivateFiles.write(file, json(state).encodePrettily() + "\n");
  }

  private static JsonObject json(CaState state) {
    return new JsonObject()
        .put("version", VERSION)
        .put("environment", state.environment())
        .put("crl_url", state.crlUrl().map(URI::toString).orElse(null))
        .put("ocsp_url", state.ocspUrl().map(URI::toString).orElse(null))
        .put("settle", state.settle().toString())
        .put("tickets_due", state.ticketsDue().toString())
        .put("published", state.published())
        .put("authorities", array(state.authorities(), CaStateFile::json))
        .put("certificates", array(state.certificates(), CaStateFile::json));
  }

  private static CaState state(JsonObject json) {
    if (json.getInteger("version", 0) != VERSION) {
      throw new CaException("its version is not " + VERSION);
    }
    return new CaState(
        text(json, "environment"),
        optional(json, "crl_url").map(URI::create),
        optional(json, "ocsp_url").map(URI::create),
        Duration.parse(text(json, "settle")),
        instant(json, "tickets_due"),
        json.getBoolean("published", false),
        list(json, "authorities", CaStateFile::authority),
        list(json, "certificates", CaStateFile::certificate));
  }

  private static JsonObject json(Authority authority) {
    return new JsonObject()
        .put("kind", authority.root() ? "root" : "ca")
        .put("number", authority.number())
        .put("parent", authority.parent())
        .put("phase", lower(authority.phase()))
        .put("usable_from", authority.usableFrom().toString())
        .put("revoked", authority.revoked().map(Instant::toString).orElse(null))
        .put("certificate", authority.certificate())
        .put("crl_number", authority.crl().number())
        .put("crl_next", authority.crl().next().toString())
        .put("crl", authority.crl().pem());
  }

  private static Authority authority(JsonObject json) {
    Authority authority =
        new Authority(
            text(json, "kind").equals("root"),
            number(json, "number").intValue(),
            number(json, "parent").intValue(),
            Authority.Phase.valueOf(text(json, "phase").toUpperCase(Locale.ROOT)),
            text(json, "certificate"),
            instant(json, "usable_from"),
            optional(json, "revoked").map(Instant::parse),
            new Authority.RevocationList(
                number(json, "crl_number").longValue(),
                instant(json, "crl_next"),
                text(json, "crl")));
    Objects.requireNonNull(authority.x509(), "certificate");
    return authority;
  }

  private static JsonObject json(IssuedCertificate one) {
    return new JsonObject()
        .put("serial", one.serial())
        .put("role", one.role())
        .put("uri", one.uri())
        .put("dns", new JsonArray(one.dns()))
        .put("ips", new JsonArray(one.ips()))
        .put("life", one.life().toString())
        .put("not_before", one.notBefore().toString())
        .put("not_after", one.notAfter().toString())
        .put("due", one.due().toString())
        .put("status", lower(one.status()))
        .put("issuer", one.issuer())
        .put("revoked", one.revocation().map(it -> it.at().toString()).orElse(null))
        .put("reason", one.revocation().map(it -> it.reason().label()).orElse(null));
  }

  private static IssuedCertificate certificate(JsonObject json) {
    IdentityRequest.checkRole(text(json, "role"));
    return new IssuedCertificate(
        text(json, "serial"),
        text(json, "role"),
        text(json, "uri"),
        strings(json, "dns"),
        strings(json, "ips"),
        Duration.parse(text(json, "life")),
        instant(json, "not_before"),
        instant(json, "not_after"),
        instant(json, "due"),
        IssuedCertificate.Status.valueOf(text(json, "status").toUpperCase(Locale.ROOT)),
        number(json, "issuer").intValue(),
        optional(json, "revoked")
            .map(
                at ->
                    new IssuedCertificate.Revocation(
                        Instant.parse(at), RevocationReason.of(text(json, "reason")))));
  }

  private static <T> JsonArray array(Collection<T> values, Function<T, JsonObject> each) {
    JsonArray array = new JsonArray();
    values.forEach(value -> array.add(each.apply(value)));
    return array;
  }

  private static <T> List<T> list(JsonObject json, String key, Function<JsonObject, T> each) {
    JsonArray array = present(json.getJsonArray(key), key);
    return array.stream().map(JsonObject.class::cast).map(each).toList();
  }

  private static List<String> strings(JsonObject json, String key) {
    return present(json.getJsonArray(key), key).stream().map(String.class::cast).toList();
  }

  private static String text(JsonObject json, String key) {
    return present(json.getString(key), key);
  }

  private static Number number(JsonObject json, String key) {
    return present(json.getNumber(key), key);
  }

  private static Instant instant(JsonObject json, String key) {
    return Instant.parse(text(json, key));
  }

  private static Optional<String> optional(JsonObject json, String key) {
    return Optional.ofNullable(json.getString(key));
  }

  private static <T> T present(@Nullable T value, String key) {
    if (value == null) {
      throw new CaException(key + " is missing");
    }
    return value;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
