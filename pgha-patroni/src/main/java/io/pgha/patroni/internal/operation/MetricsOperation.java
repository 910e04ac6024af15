package io.pgha.patroni.internal.operation;

import io.pgha.patroni.internal.protocol.Access;
import io.pgha.patroni.internal.protocol.MetricsDocument;
import io.pgha.patroni.internal.rest.Channel;
import io.pgha.patroni.internal.rest.Failure;
import io.pgha.patroni.internal.rest.Reply;
import io.pgha.patroni.internal.rest.Request;
import io.pgha.patroni.internal.text.BadAnswerException;
import io.pgha.patroni.view.MemberView;
import io.pgha.patroni.view.Metrics;
import java.util.Map;

/** Asks one member for its metrics. Stateless. */
public final class MetricsOperation {
    private MetricsOperation() {}

    public static Metrics run(Access access, String name) throws InterruptedException {
        MemberView member = Selection.one(access.reader().view(), name);
        Request request = Request.get("/metrics");
        Channel channel = access.rest()
                .members()
                .channel(member)
                .orElseThrow(() -> Results.failed(
                        name + "'s REST API has no address", "see restapi.connect_address in its configuration."));
        Reply reply = access.rest().ask(channel, request, access.rest().oneRequest());
        try {
            return MetricsDocument.read(name, Failure.bodyOf(reply));
        } catch (Failure.FailedException e) {
            throw Failure.ofAll(request, Map.of(channel, e.failure()));
        } catch (BadAnswerException e) {
            throw Failure.ofAll(request, Map.of(channel, Failure.badAnswer(e.getMessage())));
        }
    }
}
