package io.portcullis.tls;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What others read: {@code trust.pem}, {@code crl.pem}, {@code denied.json}. All three follow from
 * the state, so writing them again is always right; the deny list comes first because it acts
 * first.
 */
record Publication(CaDirectory directory, Keyring keys) {

  /** Renews the lists that need it and writes what changed. */
  CaState publish(CaState state, Instant now) throws IOException {
    CaState renewed = state;
    PrivateFiles.writeIfOther(directory.denied(), denied(state, now));
    for (Authority ca : state.intermediates()) {
      if (ca.published() && (!state.published() || Terms.stale(ca.crl(), now))) {
        renewed = renewed.with(ca.with(list(renewed, ca, keys.issuer(ca), now)));
      }
    }
    List<Authority> trusted =
        renewed.roots().stream()
            .filter(Authority::published)
            .sorted(Comparator.comparing((Authority root) -> root.phase() != Authority.Phase.ACTIVE))
            .toList();
    PrivateFiles.writeIfOther(directory.trust(), joined(trusted, Authority::certificate));
    List<Authority> listing = renewed.authorities().stream().filter(Authority::published).toList();
    PrivateFiles.writeIfOther(directory.crl(), joined(listing, one -> one.crl().pem()));
    return renewed.published(true);
  }

  /** The next list of an intermediate (its identities) or of a root (its intermediates). */
  static Authority.RevocationList list(
      CaState state, Authority authority, Signer.Issuer issuer, Instant now) {
    List<Signer.Revoked> revoked =
        authority.root() ? revokedIntermediates(state, authority) : revoked(state, authority);
    Signer.Span span = Terms.span(now, authority.root() ? Terms.ROOT_LIST : Terms.LIST);
    long number = authority.crl().number() + 1;
    return new Authority.RevocationList(
        number, span.until(), Signer.crl(issuer, number, span, revoked));
  }

  private static List<Signer.Revoked> revoked(CaState state, Authority ca) {
    return state.certificates().stream()
        .filter(one -> one.issuer() == ca.number())
        .flatMap(
            one ->
                one.revocation().stream()
                    .map(
                        it ->
                            new Signer.Revoked(
                                new BigInteger(one.serial(), 16), it.at(), it.reason().code())))
        .toList();
  }

  private static List<Signer.Revoked> revokedIntermediates(CaState state, Authority root) {
    return state.intermediates().stream()
        .filter(ca -> ca.parent() == root.number())
        .flatMap(
            ca ->
                ca.revoked().stream()
                    .map(
                        at ->
                            new Signer.Revoked(
                                ca.x509().getSerialNumber(),
                                at,
                                RevocationReason.CA_COMPROMISE.code())))
        .toList();
  }

  private static String denied(CaState state, Instant now) {
    JsonArray denied = new JsonArray();
    state.certificates().stream()
        .filter(one -> !one.expired(now))
        .forEach(
            one ->
                one.revocation()
                    .ifPresent(
                        it ->
                            denied.add(
                                new JsonObject()
                                    .put("serial", one.serial())
                                    .put("until", one.notAfter().toString())
                                    .put("role", one.role())
                                    .put("reason", it.reason().label()))));
    return new JsonObject().put("version", 1).put("denied", denied).encodePrettily() + "\n";
  }

  private static String joined(List<Authority> all, Function<Authority, String> text) {
    return all.stream().map(text).collect(Collectors.joining());
  }
}
