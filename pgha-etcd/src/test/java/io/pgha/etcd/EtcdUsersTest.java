package io.pgha.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthDisableRequest;
import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthRoleGrantPermissionRequest;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.etcd.jetcd.api.AuthUserChangePasswordRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.Permission;
import io.etcd.jetcd.api.PutRequest;
import io.pgha.port.DistributedConfigStore.Versioned;
import io.pgha.secret.Secret;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A real etcd with authentication. */
class EtcdUsersTest extends AgainstEtcd {
    /** Makes root and a user of one prefix, and enables authentication. */
    private void enableAuthentication() throws InterruptedException {
        for (String name : List.of("root", "main")) {
            auth(stub -> stub.userAdd(AuthUserAddRequest.newBuilder()
                    .setName(name)
                    .setPassword("secret of " + name)
                    .build()));
        }
        auth(stub ->
                stub.roleAdd(AuthRoleAddRequest.newBuilder().setName("main").build()));
        auth(stub -> stub.roleGrantPermission(AuthRoleGrantPermissionRequest.newBuilder()
                .setName("main")
                .setPerm(Permission.newBuilder()
                        .setPermType(Permission.Type.READWRITE)
                        .setKey(ByteString.copyFromUtf8("/service/main/"))
                        .setRangeEnd(ByteString.copyFromUtf8("/service/main0")))
                .build()));
        for (String name : List.of("root", "main")) {
            auth(stub -> stub.userGrantRole(AuthUserGrantRoleRequest.newBuilder()
                    .setUser(name)
                    .setRole(name)
                    .build()));
        }
        auth(stub -> stub.authEnable(AuthEnableRequest.getDefaultInstance()));
    }

    private void auth(Function<AuthGrpc.AuthBlockingStub, Object> change) throws InterruptedException {
        client.session().rpc().change(channel -> change.apply(AuthGrpc.newBlockingStub(channel)));
    }

    private EtcdClient as(String user, String password) {
        return Etcd.client(c -> etcd.options(c).user(user, Secret.of(password)));
    }

    @Test
    void usersLogInWithTheirPassword() throws Exception {
        put("/service/main/config", "{\"ttl\":30}");
        try (EtcdClient root = as("root", "secret of root")) {
            assertThat(root.dcs("/service", "main").view().config())
                    .as("whoever has a user is let in before he needs one, too")
                    .isPresent();
            enableAuthentication();
            assertThat(root.status().healthy()).as(root.status().toString()).isTrue();
            assertThat(root.dcs("/service", "main").view().leader()).isEmpty();
            assertThat(EtcdSnapshot.read(root.snapshot(directory.resolve("s")).file()))
                    .isNotNull();
        }
        refused(() -> client.dcs("/service", "main").view(), EtcdException.UNAUTHORIZED, "does not let this user");
        refused(() -> client.snapshot(directory.resolve("t")), EtcdException.UNAUTHORIZED, "does not let this user");
        assertThat(client.status().healthy())
                .as("health is for everybody to see: " + client.status())
                .isTrue();
        try (EtcdClient guesser = as("root", "a guess")) {
            refused(() -> guesser.dcs("/service", "main").view(), EtcdException.UNAUTHORIZED, "does not let this user");
        }
    }

    @Test
    void aUserOfOnePrefixReadsAndWritesThereOnly() throws Exception {
        put("/service/main/config", "{\"ttl\":30}");
        put("/service/other/config", "{\"ttl\":30}");
        enableAuthentication();
        try (EtcdClient patroni = as("main", "secret of main")) {
            Dcs own = patroni.dcs("/service", "main");
            Versioned read = own.view().config().orElseThrow();
            assertThat(own.replaceConfig(read, "{\"ttl\":40}")).isTrue();

            Dcs other = patroni.dcs("/service", "other");
            refused(other::view, EtcdException.UNAUTHORIZED, "permission denied");
            refused(() -> other.replaceConfig(read, "{\"ttl\":50}"), EtcdException.UNAUTHORIZED, "permission");
            refused(() -> patroni.removeMember("m0"), EtcdException.UNAUTHORIZED, "permission denied");
        }
        try (EtcdClient root = as("root", "secret of root")) {
            assertThat(root.dcs("/service", "other")
                            .view()
                            .config()
                            .orElseThrow()
                            .json())
                    .isEqualTo("{\"ttl\":30}");
        }
    }

    @Test
    void aTokenThatIsNoMoreIsReplaced() throws Exception {
        put("/service/main/leader", "db-01");
        enableAuthentication();
        BlockingQueue<DcsView> views = new LinkedBlockingQueue<>();
        try (EtcdClient root = as("root", "secret of root");
                DcsWatch watch = root.dcs("/service", "main").watch(views::add)) {
            assertThat(watch).isNotNull();
            await(views, view -> view.leader().isPresent());
            Dcs dcs = root.dcs("/service", "main");
            try (EtcdClient other = as("root", "secret of root")) {
                other.session()
                        .rpc()
                        .change(channel -> AuthGrpc.newBlockingStub(channel)
                                .userChangePassword(AuthUserChangePasswordRequest.newBuilder()
                                        .setName("root")
                                        .setPassword("secret of root")
                                        .build()));
            }
            assertThat(dcs.view().leader())
                    .as("with that password its tokens went")
                    .contains("db-01");

            for (int i = 0; i < 3; i++) {
                etcd.kill(i);
                etcd.start(i, "existing", etcd.initialCluster());
            }
            etcd.awaitServing();
            root.session()
                    .rpc()
                    .change(channel -> KVGrpc.newBlockingStub(channel)
                            .put(PutRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8("/service/main/leader"))
                                    .setValue(ByteString.copyFromUtf8("db-02"))
                                    .build()));
            await(views, view -> view.leader().filter("db-02"::equals).isPresent());

            root.session()
                    .rpc()
                    .change(channel ->
                            AuthGrpc.newBlockingStub(channel).authDisable(AuthDisableRequest.getDefaultInstance()));
            assertThat(dcs.view().leader()).as("with a token that nobody needs").contains("db-02");
        }
        assertThat(client.dcs("/service", "main").view().leader()).contains("db-02");
    }
}
