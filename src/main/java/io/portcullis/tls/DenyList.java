package io.portcullis.tls;

import io.portcullis.json.JsonLimits;
import io.portcullis.json.JsonText;
import io.portcullis.json.JsonTextException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Certificates that are refused though their time is not over, by serial. The file is {@code
 * {"version":1,"denied":[{"serial":"<lower-case hex>","until":"<RFC 3339>",…}]}}, read strictly: a
 * list that is half understood would let somebody in.
 *
 * @param until when each entry may be forgotten, because the certificate has ended by itself
 */
public record DenyList(Map<String, Instant> until) {
  /** Denies nobody. */
  public static final DenyList NONE = new DenyList(Map.of());

  static final int MAX_BYTES = 4 * 1024 * 1024;

  private static final int MAX_ENTRIES = 50_000;
  private static final Set<String> MEMBERS = Set.of("version", "denied");
  private static final Set<String> ENTRY_MEMBERS = Set.of("serial", "until", "role", "reason");
  private static final Pattern SERIAL = Pattern.compile("[1-9a-f][0-9a-f]{0,39}");

  /** Copies. */
  public DenyList {
    until = Map.copyOf(until);
  }

  /** Whether one of a chain is denied. */
  boolean denies(List<X509Certificate> chain) {
    if (until.isEmpty()) {
      return false;
    }
    for (X509Certificate certificate : chain) {
      if (until.containsKey(PeerIdentity.serial(certificate))) {
        return true;
      }
    }
    return false;
  }

  boolean denies(Peer peer) {
    if (until.isEmpty()) {
      return false;
    }
    for (String serial : peer.serials()) {
      if (until.containsKey(serial)) {
        return true;
      }
    }
    return false;
  }

  /** How many are denied. */
  public int size() {
    return until.size();
  }

  static DenyList parse(Path file, byte[] content) {
    try {
      JsonObject list =
          JsonText.parseObject(content, new JsonLimits(MAX_BYTES, 4, 1_000, MAX_ENTRIES * 8));
      only(file, list, MEMBERS);
      if (!Integer.valueOf(1).equals(list.getValue("version"))) {
        throw new BadMaterialException(file, "has not the version 1");
      }
      if (!(list.getValue("denied") instanceof JsonArray denied) || denied.size() > MAX_ENTRIES) {
        throw new BadMaterialException(file, "has no list \"denied\" of at most " + MAX_ENTRIES);
      }
      Map<String, Instant> until = new HashMap<>();
      for (Object entry : denied) {
        add(file, entry, until);
      }
      return new DenyList(until);
    } catch (JsonTextException malformed) {
      throw new BadMaterialException(file, "is not JSON: " + malformed.getMessage());
    }
  }

  private static void add(Path file, Object entry, Map<String, Instant> until) {
    if (!(entry instanceof JsonObject denied)
        || !(denied.getValue("serial") instanceof String serial)
        || !(denied.getValue("until") instanceof String end)) {
      throw new BadMaterialException(file, "has an entry without \"serial\" and \"until\"");
    }
    only(file, denied, ENTRY_MEMBERS);
    if (!SERIAL.matcher(serial).matches()) {
      throw new BadMaterialException(
          file, "has a serial that is not lower-case hexadecimal without leading zeros");
    }
    try {
      until.merge(serial, Instant.parse(end), (a, b) -> a.isAfter(b) ? a : b);
    } catch (DateTimeException e) {
      throw new BadMaterialException(file, "has an \"until\" that is not an RFC 3339 time");
    }
  }

  private static void only(Path file, JsonObject object, Set<String> known) {
    for (String name : object.fieldNames()) {
      if (!known.contains(name)) {
        throw new BadMaterialException(file, "has a member that is not known here");
      }
    }
  }
}
