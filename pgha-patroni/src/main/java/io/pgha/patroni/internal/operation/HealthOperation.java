package io.pgha.patroni.internal.operation;

import io.pgha.net.Deadline;
import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.StatusDocument;
import io.pgha.patroni.internal.protocol.Versions;
import io.pgha.patroni.internal.rest.Call;
import io.pgha.patroni.internal.rest.Failure;
import io.pgha.patroni.internal.rest.Reply;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.internal.text.Text;
import io.pgha.patroni.internal.version.Feature;
import io.pgha.patroni.operation.HealthCheck;
import io.pgha.patroni.operation.HealthProbe;
import io.pgha.patroni.operation.HealthResult;
import io.pgha.patroni.view.MemberSelector;
import io.pgha.patroni.view.MemberView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Asks members for one health check, all at the same time. */
public final class HealthOperation {
    private static final Map<HealthCheck, Feature> NEEDS = Map.of(
            HealthCheck.QUORUM, Feature.QUORUM_CHECKS,
            HealthCheck.READ_ONLY_QUORUM, Feature.QUORUM_CHECKS);

    private final Access access;
    private final HealthProbe wanted;

    public HealthOperation(Access access, HealthProbe wanted) {
        this.access = access;
        this.wanted = wanted;
    }

    public List<HealthResult> run() throws InterruptedException {
        List<MemberView> members = Selection.of(access.reader().view(), wanted.members(), MemberSelector.ANY);
        HealthCheck check = wanted.check();
        Feature needed = NEEDS.get(check);
        if (needed != null) {
            Versions.require(access, members, needed, "The health check " + check.path());
        }
        if (check == HealthCheck.READINESS && wanted.maximumLag().isPresent()) {
            Versions.require(access, members, Feature.READINESS_LAG, "A readiness check that weighs the lag");
        }
        return ask(members);
    }

    private List<HealthResult> ask(List<MemberView> members) throws InterruptedException {
        Deadline deadline = access.rest().oneRequest();
        Map<String, Call> calls = new LinkedHashMap<>();
        List<HealthResult> results = new ArrayList<>();
        try {
            for (MemberView member : members) {
                access.rest()
                        .members()
                        .channel(member)
                        .ifPresent(channel ->
                                calls.put(member.name(), access.rest().start(channel, Request.get(path()))));
            }
            for (MemberView member : members) {
                Call call = calls.get(member.name());
                results.add(
                        call == null
                                ? silent(member.name(), "its REST API has no address")
                                : result(member.name(), call.await(deadline)));
            }
        } finally {
            calls.values().forEach(call -> call.cancel(Reply.Kind.CANCELLED, "no longer needed"));
        }
        access.rest().checkOpen();
        return List.copyOf(results);
    }

    private String path() {
        List<String> parameters = new ArrayList<>();
        wanted.maximumLag().ifPresent(lag -> parameters.add("lag=" + lag));
        wanted.tags().forEach((name, value) -> parameters.add("tag_" + encode(name) + "=" + encode(value)));
        return wanted.check().path() + (parameters.isEmpty() ? "" : "?" + String.join("&", parameters));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private HealthResult silent(String member, String why) {
        return new HealthResult(member, wanted.check(), false, OptionalInt.empty(), why);
    }

    private HealthResult result(String member, Reply reply) {
        if (reply instanceof Reply.NoAnswer none) {
            return silent(member, Failure.of(none).text());
        }
        Reply.Answer answer = (Reply.Answer) reply;
        boolean patronis = answer.status() == 200 || answer.status() == 503;
        Optional<StatusDocument> status = status(answer);
        // A proxy's page may well be a 200: a check that has a body must have Patroni's.
        boolean bodiless = wanted.check() == HealthCheck.LIVENESS || wanted.check() == HealthCheck.READINESS;
        boolean passes = answer.status() == 200 && (bodiless ? answer.text().isBlank() : status.isPresent());
        String explanation = status.map(one -> Text.printable(one.role() + ", " + one.state()))
                .orElse(patronis && answer.text().isBlank() && bodiless ? "" : "answered with " + answer.message());
        return new HealthResult(member, wanted.check(), passes, OptionalInt.of(answer.status()), explanation);
    }

    private static Optional<StatusDocument> status(Reply.Answer answer) {
        try {
            return Optional.of(StatusDocument.read(answer.text()));
        } catch (BadAnswerException e) {
            return Optional.empty(); // what it is instead is told in the explanation
        }
    }
}
