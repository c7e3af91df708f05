package io.portcullis.operate;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Map;

/** Says what a metric is where its maker does not: Prometheus wants a text for each. */
final class MetricHelp implements MeterFilter {
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("portcullis.audit.events", "Events that are on disk, by their weight"),
          Map.entry("portcullis.audit.unrecorded", "Events that could not be recorded"),
          Map.entry("portcullis.audit.lost", "Recorded events that were lost; must stay 0"),
          Map.entry("portcullis.audit.lag.seconds", "Age of the oldest event outside the chain"),
          Map.entry("portcullis.audit.journal.bytes", "The size of the journal on disk"),
          Map.entry("portcullis.auth", "Credentials that were looked at, by what came of it"),
          Map.entry("portcullis.token.cache", "Tokens that were proved before, and that were not"),
          Map.entry("portcullis.dpop", "DPoP proofs, by what came of them"),
          Map.entry("portcullis.jwks.age.seconds", "Since the issuer's keys were last read"),
          Map.entry("portcullis.jwks.refresh", "Attempts to read an issuer's keys"),
          Map.entry("portcullis.issuer.calls.pending", "Calls of the issuer that are under way"),
          Map.entry("portcullis.issuer.calls", "Calls of the issuer, as logins see them"),
          Map.entry("portcullis.logins", "Logins that came back from the issuer"),
          Map.entry("portcullis.logouts", "Sessions that their owners ended"),
          Map.entry("portcullis.logouts.not.revoked", "Logouts whose tokens go on to their end"),
          Map.entry("portcullis.requests.in.flight", "Requests without a whole answer yet"),
          Map.entry("portcullis.sessions.opened", "Sessions that began"),
          Map.entry("portcullis.sessions.ended", "Sessions that ended, by the reason"),
          Map.entry("portcullis.sessions.rotated", "Handles that were replaced by new ones"),
          Map.entry("portcullis.sessions.refresh", "Renewals of tokens, by what came of them"),
          Map.entry("portcullis.sessions.reads", "Sessions that were read from Redis"),
          Map.entry("portcullis.sessions.cache", "Sessions that this node had, and that it had not"),
          Map.entry("portcullis.sessions.damaged", "Records of sessions that did not open"));

  @Override
  public Meter.Id map(Meter.Id id) {
    String text = TEXTS.get(id.getName());
    if (text == null || id.getDescription() != null) {
      return id;
    }
    Tags tags = Tags.of(id.getTagsAsIterable());
    return new Meter.Id(id.getName(), tags, id.getBaseUnit(), text, id.getType());
  }
}
