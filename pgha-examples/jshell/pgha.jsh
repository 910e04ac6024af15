import io.pgha.*;
import io.pgha.certs.*;
import io.pgha.etcd.*;
import io.pgha.examples.jshell.Shown;
import io.pgha.host.*;
import io.pgha.model.*;
import io.pgha.patroni.*;
import io.pgha.patroni.config.*;
import io.pgha.patroni.operation.*;
import io.pgha.patroni.query.*;
import io.pgha.patroni.view.*;
import io.pgha.patroni.watch.*;
import io.pgha.plan.*;
import io.pgha.run.*;
import io.pgha.spi.*;
import io.pgha.ssh.*;
import io.pgha.tls.*;
import static io.pgha.model.EtcdAuthentication.*;
import static io.pgha.model.NodeRole.*;
import static io.pgha.patroni.operation.LeaderRestart.*;
import static io.pgha.patroni.view.MemberSelector.*;
import java.time.*;
import static java.time.DayOfWeek.*;
/** Prints a value whole, whatever its length; a list with a line for each element. */
void show(Object value) { System.out.println(Shown.whole(value)); }
System.out.println("pgha is imported. Describe a cluster with ClusterConfig.builder(), open hosts with PgHa.builder().");
System.out.println("Tours: /open rehearse deploys in memory, without any host; /open operate works on a cluster of yours.");
System.out.println("show(x) prints x whole. Leave with /exit.");
