package io.pgha.etcd.internal.dcs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.KeyValue;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.pgha.etcd.DcsView;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DcsReaderTest {
    private static DcsView read(Map<String, String> keys) {
        RangeResponse.Builder response =
                RangeResponse.newBuilder().setHeader(ResponseHeader.newBuilder().setRevision(42));
        keys.forEach((key, value) -> response.addKvs(KeyValue.newBuilder()
                .setKey(ByteString.copyFromUtf8("/service/main/" + key))
                .setValue(ByteString.copyFromUtf8(value))
                .setModRevision(7)));
        return DcsReader.read(response.build(), "/service/main/");
    }

    @Test
    void nothingIsThereBeforePatroni() {
        DcsView view = read(Map.of());
        assertThat(view.revision()).isEqualTo(42);
        assertThat(view.leader()).isEmpty();
        assertThat(view.members()).isEmpty();
        assertThat(view.config()).isEmpty();
        assertThat(view.status()).isEmpty();
    }

    @Test
    void garbageIsReadAsPatroniReadsIt() {
        DcsView view = read(Map.of(
                "leader", "",
                "members/db-01", "postgres://10.0.0.1/postgres?application_name=x",
                "members/db-02", "[1,2]",
                "members/db-03/deeper", "{}",
                "config", "{\"ttl\":30}",
                "history", "{\"not\":\"a list\"}",
                "failover", "{\"leader\":null,\"scheduled_at\":\"2026-01-01T00:00:00Z\"}",
                "sync", "{\"leader\":null,\"sync_standby\":null}",
                "status", "nothing",
                "failsafe", "[]"));
        assertThat(view.leader()).isEmpty();
        assertThat(view.members()).extracting(DcsView.Member::name).containsExactly("db-01", "db-02");
        assertThat(view.members())
                .allSatisfy(member -> assertThat(member.state()).isEmpty());
        assertThat(view.config())
                .hasValueSatisfying(config -> assertThat(config.revision()).isEqualTo(7));
        assertThat(view.history()).isEmpty();
        assertThat(view.failover()).isEmpty();
        assertThat(view.sync()).isEmpty();
        assertThat(view.status()).isEmpty();
        assertThat(view.failsafe()).isEmpty();
        assertThat(view.raw()).containsEntry("status", "nothing");
    }

    @Test
    void requestsAndOldPositionsAreRead() {
        DcsView view = read(Map.of(
                "failover",
                        "{\"leader\":\"db-01\",\"member\":\"db-02\",\"scheduled_at\":\"2026-01-01T00:00:00+00:00\"}",
                "optime/leader", "67108960"));
        assertThat(view.failover()).hasValueSatisfying(request -> {
            assertThat(request.member()).contains("db-02");
            assertThat(request.scheduledAt()).contains("2026-01-01T00:00:00+00:00");
        });
        assertThat(view.status())
                .hasValueSatisfying(status -> assertThat(status.optime()).hasValue(67108960));
    }
}
