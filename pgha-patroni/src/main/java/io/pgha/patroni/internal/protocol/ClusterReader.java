package io.pgha.patroni.internal.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgha.net.Deadline;
import io.pgha.patroni.PatroniException;
import io.pgha.patroni.internal.rest.Call;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Failure;
import io.pgha.patroni.internal.rest.Reply;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.rest.Rest;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.internal.text.Json;
import io.pgha.patroni.view.ClusterView;
import io.pgha.patroni.view.MemberView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/** Reads views of the cluster, its settings and history, and what members say about themselves. Thread-safe. */
public final class ClusterReader {
    /** A member's version changes with an upgrade only; its scope and system id hardly ever. */
    private static final Duration IDENTITY_LASTS = Duration.ofMinutes(1);

    private final Rest rest;
    private final Timing timing;
    private final Map<Channel, Identity> identities = new ConcurrentHashMap<>();

    private record Identity(StatusDocument status, Deadline until) {}

    public ClusterReader(Rest rest, Timing timing) {
        this.rest = rest;
        this.timing = timing;
    }

    public ClusterView view() throws InterruptedException {
        return view(rest.oneRequest());
    }

    public ClusterView view(Deadline deadline) throws InterruptedException {
        Rest.Served<ClusterView.Builder> served = rest.first("/cluster", ClusterDocument::read, deadline);
        ClusterView.Builder builder = served.value();
        identity(served.channel(), deadline).ifPresent(status -> {
            builder.systemId(status.systemId()).patroniVersion(status.version());
            status.scope().ifPresent(builder::name);
        });
        ClusterView view = builder.build();
        rest.members().adopt(view);
        return view;
    }

    /** Returns the dynamic configuration; Patroni's defaults where the cluster has none that can be read. */
    public ClusterSettings settings() throws InterruptedException {
        try {
            return rest.first("/config", ClusterSettings::read, rest.oneRequest())
                    .value();
        } catch (PatroniException e) {
            if (e.code().equals(PatroniException.BAD_ANSWER)) {
                return ClusterSettings
                        .DEFAULT; // a 502 page: the key is missing, and Patroni itself goes by its defaults
            }
            throw e;
        }
    }

    /** Returns how many changes of the timeline the cluster remembers, where it can be read. */
    public OptionalInt historyLength() throws InterruptedException {
        try {
            return OptionalInt.of(rest.first("/history", ClusterReader::length, rest.oneRequest())
                    .value());
        } catch (PatroniException e) {
            rest.checkOpen();
            return OptionalInt.empty(); // evidence, not a condition
        }
    }

    /** Asks members for their status, all at the same time. */
    public Map<String, MemberAnswer> probe(List<MemberView> members) throws InterruptedException {
        Deadline deadline = Deadline.in(timing.probe());
        Map<String, Call> calls = new LinkedHashMap<>();
        Map<String, MemberAnswer> probes = new LinkedHashMap<>();
        for (MemberView member : members) {
            rest.members()
                    .channel(member)
                    .ifPresent(channel -> calls.put(member.name(), rest.start(channel, Request.get("/patroni"))));
        }
        List<Call> waiting = new ArrayList<>(calls.values());
        try {
            for (Map.Entry<String, Call> entry : calls.entrySet()) {
                probes.put(entry.getKey(), probe(entry.getValue().await(deadline)));
                waiting.remove(entry.getValue());
            }
        } finally {
            waiting.forEach(call -> call.cancel(Reply.Kind.CANCELLED, "no longer needed"));
        }
        rest.checkOpen();
        return probes;
    }

    private static int length(String body) throws BadAnswerException {
        JsonNode list = Json.parse(body);
        if (!list.isArray()) {
            throw new BadAnswerException("it is no list");
        }
        return list.size();
    }

    private static MemberAnswer probe(Reply reply) {
        try {
            return new MemberAnswer(Optional.of(StatusDocument.read(Failure.bodyOf(reply))), "");
        } catch (Failure.FailedException e) {
            return new MemberAnswer(Optional.empty(), e.failure().text());
        } catch (BadAnswerException e) {
            return new MemberAnswer(
                    Optional.empty(), Failure.badAnswer(e.getMessage()).text());
        }
    }

    private Optional<StatusDocument> identity(Channel channel, Deadline limit) throws InterruptedException {
        Identity known = identities.get(channel);
        if (known != null && !known.until().passed()) {
            return Optional.of(known.status());
        }
        Reply reply = rest.ask(channel, Request.get("/patroni"), limit.atMost(timing.probe()));
        Optional<StatusDocument> status =
                probe(reply).status(); // without it the view is whole but for name, id and version
        status.ifPresent(document -> identities.put(channel, new Identity(document, Deadline.in(IDENTITY_LASTS))));
        return status;
    }
}
