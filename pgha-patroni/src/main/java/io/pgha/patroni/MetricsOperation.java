package io.pgha.patroni;

import java.util.Map;

/** Asks one member for its metrics. Stateless. */
final class MetricsOperation {
    private MetricsOperation() {}

    static Metrics run(Access access, String name) throws InterruptedException {
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
