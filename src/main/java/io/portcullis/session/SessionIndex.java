package io.portcullis.session;

import io.portcullis.redis.Reply;
import io.portcullis.redis.Script;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which sessions a person has, and which belong to a session of the issuer. An index is written
 * before the session and says more than is true at worst: whoever reads it looks whether the
 * session is there.
 */
final class SessionIndex {
  private static final Script ADD = Script.load(SessionIndex.class, "index.lua");

  private final StateCalls redis;
  private final IndexNames names;
  private final SessionFacts facts;

  SessionIndex(StateCalls redis, IndexNames names, SessionFacts facts) {
    this.redis = redis;
    this.names = names;
    this.facts = facts;
  }

  IndexNames names() {
    return names;
  }

  SessionFacts facts() {
    return facts;
  }

  /**
   * Puts a session into its indexes, also when it is there already, and tells whose it is.
   *
   * @param lifeMillis how long the session lives if nobody uses it
   * @return all that the person's index has then
   */
  Future<Set<IndexMember>> add(Handle handle, Session session, long nowMillis, long lifeMillis) {
    String member = IndexMember.of(handle, session).text();
    byte[][] args = {
      Handle.ascii(member),
      StateCalls.number(session.absoluteEnd().toEpochMilli()),
      StateCalls.number(nowMillis),
      StateCalls.number(lifeMillis)
    };
    Future<Set<IndexMember>> ofSubject =
        add(names.ofSubject(session.issuer(), session.subject()).getFirst(), args);
    Future<Set<IndexMember>> ofProvider =
        session.providerSession().isEmpty()
            ? Future.succeededFuture(Set.of())
            : add(
                names.ofProviderSession(session.issuer(), session.providerSession()).getFirst(),
                args);
    return Future.all(ofSubject, ofProvider, facts.put(session, lifeMillis))
        .map(done -> ofSubject.result());
  }

  private Future<Set<IndexMember>> add(String key, byte[]... args) {
    return redis.runAgain(ADD, List.of(key), args).map(SessionIndex::members);
  }

  /** Everything that these indexes name. */
  Future<Set<IndexMember>> find(List<String> keys) {
    List<Future<Set<IndexMember>>> found = new ArrayList<>();
    for (String key : keys) {
      found.add(
          redis
              .call(
                  List.of(
                      Handle.ascii("ZRANGE"),
                      Handle.ascii(key),
                      Handle.ascii("0"),
                      Handle.ascii("-1")))
              .map(SessionIndex::members));
    }
    return Future.all(found)
        .map(
            all -> {
              Set<IndexMember> members = new LinkedHashSet<>();
              found.forEach(one -> members.addAll(one.result()));
              return members;
            });
  }

  /** Forgets members. Nobody needs to wait for it. */
  Future<Void> remove(List<String> keys, List<IndexMember> members) {
    if (members.isEmpty()) {
      return Future.succeededFuture();
    }
    List<Future<Reply>> removed = new ArrayList<>();
    for (String key : keys) {
      List<byte[]> words = new ArrayList<>();
      words.add(Handle.ascii("ZREM"));
      words.add(Handle.ascii(key));
      members.forEach(member -> words.add(Handle.ascii(member.text())));
      removed.add(redis.call(words));
    }
    return Future.all(removed).mapEmpty();
  }

  /** Every index that may name this session. */
  List<String> keysOf(Session session) {
    List<String> keys = new ArrayList<>(names.ofSubject(session.issuer(), session.subject()));
    if (!session.providerSession().isEmpty()) {
      keys.addAll(names.ofProviderSession(session.issuer(), session.providerSession()));
    }
    return keys;
  }

  private static Set<IndexMember> members(Reply reply) {
    Set<IndexMember> members = new LinkedHashSet<>();
    for (Reply item : reply.items()) {
      IndexMember.parse(item.text()).ifPresent(members::add);
    }
    return members;
  }
}
