package io.portcullis.session;

import io.portcullis.session.SessionMeters.Reason;
import io.portcullis.session.SessionStore.Ended;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Ends sessions: in Redis first, then in the memory of every node. */
final class SessionEnding {
  /** An alias leads to a session, or to an alias that was made within the same seconds. */
  private static final int LONGEST_CHAIN = 4;

  private final SessionStore store;
  private final SessionIndex index;
  private final SessionNews news;
  private final SessionTrail trail;
  private final SessionMeters meters;
  private final int perUser;

  SessionEnding(
      SessionStore store,
      SessionIndex index,
      SessionNews news,
      SessionTrail trail,
      SessionMeters meters,
      int perUser) {
    this.store = store;
    this.index = index;
    this.news = news;
    this.trail = trail;
    this.meters = meters;
    this.perUser = perUser;
  }

  /** Ends what is stored under that name, also behind aliases; false when there is no session. */
  Future<Boolean> end(String name, Reason reason) {
    return end(name, reason, LONGEST_CHAIN);
  }

  private Future<Boolean> end(String name, Reason reason, int chain) {
    return store
        .end(name, "")
        .compose(
            ended -> {
              news.changed(name);
              return switch (ended) {
                case Ended.One _ -> {
                  meters.ended(reason, 1);
                  yield Future.succeededFuture(true);
                }
                case Ended.Alias alias when chain > 1 -> end(alias.target(), reason, chain - 1);
                default -> Future.succeededFuture(false);
              };
            },
            problem -> {
              if (SessionStore.unanswered(problem)) {
                news.changed(name);
              }
              return Future.failedFuture(problem);
            });
  }

  /**
   * When it is not known whether a session ended that somebody wanted to end, its streams end: who
   * still has it only needs to come again.
   */
  private void perhaps(String id, Throwable problem) {
    if (SessionStore.unanswered(problem)) {
      news.ended(id);
    }
  }

  /** Ends a session that its own browser, or somebody over it, gave up. */
  Future<Boolean> end(Located located, Reason reason) {
    return end(located.handle().name(), reason)
        .onSuccess(
            done -> {
              news.ended(located.session().id());
              forget(located.handle(), located.session());
              index.facts().remove(located.session().id());
            })
        .onFailure(problem -> perhaps(located.session().id(), problem));
  }

  /** Takes a session's present handle out of its indexes; nobody waits for it. */
  void forget(Handle handle, Session session) {
    index.remove(index.keysOf(session), List.of(IndexMember.of(handle, session)));
  }

  /** Takes back a record whose cookie nobody was given. */
  Future<Void> discard(Handle handle, Session session) {
    forget(handle, session);
    return store.end(handle.name(), "").mapEmpty();
  }

  /**
   * Ends a session for a reason that its issuer gave, unless its record has changed since, and
   * writes that down.
   *
   * @return false when it is another record by now, or gone
   */
  Future<Boolean> endIfUnchanged(Handle handle, Session session, Reason reason) {
    return store
        .end(handle.name(), RecordHead.sessionOf(session.generation()))
        .compose(
            ended -> {
              news.changed(handle.name());
              if (!(ended instanceof Ended.One)) {
                return Future.succeededFuture(false);
              }
              meters.ended(reason, 1);
              news.ended(session.id());
              forget(handle, session);
              index.facts().remove(session.id());
              return trail
                  .ended(
                      new SessionTrail.Ended(
                          session.id(),
                          session.issuer(),
                          session.tenant(),
                          session.subject(),
                          reason.code()))
                  .map(true);
            },
            problem -> {
              if (SessionStore.unanswered(problem)) {
                news.changed(handle.name());
              }
              perhaps(session.id(), problem);
              return Future.failedFuture(problem);
            });
  }

  /** Ends everything that these indexes name; gives how many sessions that were. */
  Future<Integer> endAll(List<String> keys, Reason reason) {
    return index.find(keys).compose(members -> endMembers(keys, members, reason));
  }

  /** Ends a session by its public name. */
  Future<Boolean> endById(String id) {
    return index
        .facts()
        .find(id)
        .compose(
            known -> known.isPresent() ? endKnown(known.get()) : Future.succeededFuture(false));
  }

  private Future<Boolean> endKnown(SessionEntry known) {
    List<String> keys = index.names().ofSubject(known.issuer(), known.subject());
    return index
        .find(keys)
        .compose(
            members ->
                endMembers(
                    keys,
                    members.stream().filter(member -> member.id().equals(known.id())).toList(),
                    Reason.OPERATOR))
        .map(ended -> ended > 0);
  }

  private Future<Integer> endMembers(
      List<String> keys, Collection<IndexMember> members, Reason reason) {
    List<Future<Boolean>> endings = members.stream().map(member -> end(member, reason)).toList();
    return Future.join(endings)
        .map(
            done -> {
              index.remove(keys, List.copyOf(members));
              members.forEach(member -> index.facts().remove(member.id()));
              return (int) endings.stream().filter(Future::result).count();
            });
  }

  private Future<Boolean> end(IndexMember member, Reason reason) {
    return end(member.record(), reason)
        .onSuccess(
            ended -> {
              if (ended) {
                news.ended(member.id());
              }
            })
        .onFailure(problem -> perhaps(member.id(), problem));
  }

  /** The sessions that these indexes name and that are there, the newest first. */
  Future<List<SessionEntry>> list(List<String> keys) {
    return index
        .find(keys)
        .compose(this::living)
        .compose(
            living -> {
              List<Future<Optional<SessionEntry>>> entries =
                  living.stream().map(IndexMember::id).distinct().map(index.facts()::find).toList();
              return Future.all(entries)
                  .map(done -> entries.stream().flatMap(entry -> entry.result().stream()).toList());
            });
  }

  /** Those of the members whose session is there, the newest first. */
  Future<List<IndexMember>> living(Set<IndexMember> members) {
    List<IndexMember> all = List.copyOf(members);
    List<Future<Boolean>> there =
        all.stream().map(member -> store.hasSession(member.record())).toList();
    return Future.all(there)
        .map(
            done -> {
              List<IndexMember> living = new ArrayList<>();
              for (int i = 0; i < all.size(); i++) {
                if (there.get(i).result()) {
                  living.add(all.get(i));
                }
              }
              living.sort(Comparator.comparing(IndexMember::created).reversed());
              return living;
            });
  }

  /**
   * Before a session is stored: ends the person's oldest until there is room for it, and forgets
   * those that ended by themselves.
   *
   * @param known all that the person's index has, the new session included
   */
  Future<Void> makeRoom(Handle fresh, Session session, Set<IndexMember> known) {
    if (known.size() <= perUser) {
      return Future.succeededFuture();
    }
    Set<IndexMember> others =
        known.stream()
            .filter(member -> !member.record().equals(fresh.name()))
            .collect(Collectors.toUnmodifiableSet());
    return living(others)
        .compose(
            living -> {
              // One that is moved at this moment is there under two names.
              Set<String> kept =
                  living.stream()
                      .map(IndexMember::id)
                      .distinct()
                      .limit(perUser - 1L)
                      .collect(Collectors.toUnmodifiableSet());
              List<IndexMember> over =
                  living.stream().filter(member -> !kept.contains(member.id())).toList();
              List<IndexMember> gone =
                  others.stream().filter(member -> !living.contains(member)).toList();
              List<String> keys = index.names().ofSubject(session.issuer(), session.subject());
              index.remove(keys, gone);
              return Future.join(
                      over.stream()
                          .map(member -> displaced(member, session, Reason.TOO_MANY))
                          .toList())
                  .compose(done -> index.remove(keys, over));
            });
  }

  /**
   * The other sessions of the same session of the issuer. Not those that began after this one: of
   * two logins at a time the later one stays.
   */
  Future<List<IndexMember>> olderOfProvider(IndexMember mine, Session session) {
    if (session.providerSession().isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    return index
        .find(index.names().ofProviderSession(session.issuer(), session.providerSession()))
        .map(
            members ->
                members.stream()
                    .filter(member -> !member.id().equals(mine.id()))
                    .filter(member -> !member.created().isAfter(mine.created()))
                    .toList());
  }

  /** Ends what a newer login of the same session of the issuer leaves behind. */
  Future<Void> overtaken(List<IndexMember> older, Session newer) {
    return Future.join(
            older.stream().map(member -> displaced(member, newer, Reason.OVERTAKEN)).toList())
        .compose(done -> index.remove(index.keysOf(newer), older));
  }

  /** One that a newer session of the same person ends. */
  private Future<Void> displaced(IndexMember member, Session newer, Reason reason) {
    return end(member, reason)
        .compose(
            ended -> {
              if (!ended) {
                return Future.succeededFuture();
              }
              index.facts().remove(member.id());
              return trail.ended(
                  new SessionTrail.Ended(
                      member.id(), newer.issuer(), "", newer.subject(), reason.code()));
            });
  }
}
