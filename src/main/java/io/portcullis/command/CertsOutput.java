package io.portcullis.command;

import io.portcullis.tls.Authority;
import io.portcullis.tls.CaInventory;
import io.portcullis.tls.IssuedCertificate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** What {@code portcullis certs} prints. */
record CertsOutput(PrintWriter out) {
  private static final String ROWS = "%-12s %-34s %-11s %-20s %9s  %-20s %s%n";

  void identity(String what, IssuedCertificate one) {
    out.printf(
        "%-8s %-12s %s until %s, next %s%n",
        what, one.role(), one.serial(), second(one.notAfter()), second(one.due()));
  }

  void table(CaInventory inventory) {
    out.printf("environment %s%n%n", inventory.environment());
    out.printf(ROWS, "AUTHORITY", "SERIAL", "PHASE", "NOT AFTER", "REMAINING", "CRL UNTIL", "");
    for (Authority one : inventory.authorities()) {
      Instant end = one.x509().getNotAfter().toInstant();
      out.printf(
          ROWS,
          one.label(),
          serial(one),
          phase(one, inventory),
          second(end),
          remaining(inventory.at(), end),
          second(one.crl().next()),
          one.root() ? "" : "root/" + one.parent());
    }
    out.printf("%n" + ROWS, "ROLE", "SERIAL", "STATUS", "NOT AFTER", "REMAINING", "DUE", "ISSUER");
    for (IssuedCertificate one : inventory.certificates()) {
      boolean current = one.status() == IssuedCertificate.Status.CURRENT;
      out.printf(
          ROWS,
          one.role(),
          one.serial(),
          status(one, inventory.at()),
          second(one.notAfter()),
          remaining(inventory.at(), one.notAfter()),
          current ? second(one.due()) : "-",
          "ca/" + one.issuer());
    }
    out.flush();
  }

  void json(CaInventory inventory) {
    JsonArray authorities = new JsonArray();
    inventory.authorities().forEach(one -> authorities.add(json(one, inventory)));
    JsonArray certificates = new JsonArray();
    inventory.certificates().forEach(one -> certificates.add(json(one, inventory.at())));
    out.println(
        new JsonObject()
            .put("environment", inventory.environment())
            .put("tickets_due", second(inventory.ticketsDue()))
            .put("warnings", new JsonArray(inventory.warnings()))
            .put("authorities", authorities)
            .put("certificates", certificates)
            .encodePrettily());
    out.flush();
  }

  private static JsonObject json(Authority one, CaInventory inventory) {
    Instant end = one.x509().getNotAfter().toInstant();
    return new JsonObject()
        .put("authority", one.label())
        .put("serial", serial(one))
        .put("phase", phase(one, inventory))
        .put("root", "root/" + one.parent())
        .put("not_after", second(end))
        .put("remaining_seconds", seconds(inventory.at(), end))
        .put("crl_number", one.crl().number())
        .put("crl_until", second(one.crl().next()));
  }

  private static JsonObject json(IssuedCertificate one, Instant now) {
    JsonObject json =
        new JsonObject()
            .put("role", one.role())
            .put("serial", one.serial())
            .put("status", status(one, now))
            .put("uri", one.uri())
            .put("dns", new JsonArray(one.dns()))
            .put("ips", new JsonArray(one.ips()))
            .put("not_before", second(one.notBefore()))
            .put("not_after", second(one.notAfter()))
            .put("remaining_seconds", seconds(now, one.notAfter()))
            .put("due", second(one.due()))
            .put("issuer", "ca/" + one.issuer());
    one.revocation()
        .ifPresent(it -> json.put("revoked", second(it.at())).put("reason", it.reason().label()));
    return json;
  }

  private static String status(IssuedCertificate one, Instant now) {
    if (one.status() == IssuedCertificate.Status.REVOKED) {
      return "revoked";
    }
    if (one.expired(now)) {
      return "expired";
    }
    boolean due = one.status() == IssuedCertificate.Status.CURRENT && !one.due().isAfter(now);
    return due ? "due" : one.status().name().toLowerCase(Locale.ROOT);
  }

  /** An active intermediate issues, waits for its list to settle, or verifies what it signed. */
  private static String phase(Authority one, CaInventory inventory) {
    if (one.revoked().isPresent()) {
      return "revoked";
    }
    if (one.root() || one.phase() != Authority.Phase.ACTIVE) {
      return one.phase().name().toLowerCase(Locale.ROOT);
    }
    if (one.usableFrom().isAfter(inventory.at())) {
      return "settling";
    }
    return one.number() == inventory.issuing() ? "issuing" : "verifying";
  }

  private static String serial(Authority one) {
    BigInteger serial = one.x509().getSerialNumber();
    return serial.toString(16);
  }

  private static String remaining(Instant now, Instant end) {
    Duration left = Duration.between(now, end);
    if (left.isNegative()) {
      return "-";
    }
    List<String> parts =
        left.toDays() > 1
            ? List.of(left.toDays() + "d", left.toHoursPart() + "h")
            : List.of(left.toHours() + "h", left.toMinutesPart() + "m");
    return left.toHours() > 0
        ? String.join(" ", parts)
        : left.toMinutes() + "m " + left.toSecondsPart() + "s";
  }

  private static long seconds(Instant now, Instant end) {
    return Math.max(0, Duration.between(now, end).toSeconds());
  }

  private static String second(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
