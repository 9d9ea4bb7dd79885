package io.verbena.examples.sample;

import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.verbena.observe.Counters;
import io.verbena.observe.MicrometerBinder;
import io.verbena.verbs.AccessFlag;
import io.verbena.verbs.Device;
import io.verbena.verbs.DeviceOptions;
import io.verbena.verbs.ProtectionDomain;
import io.verbena.verbs.async.AsyncQueuePair;
import io.verbena.verbs.async.LeasedRegion;
import io.verbena.verbs.cm.ConnectionListener;
import io.verbena.verbs.cm.ConnectionParameters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Moves some memory, and shows what a Prometheus server would scrape from the process meanwhile.
 *
 * <p>The three lines that matter are the listener given to the device, the binder, and the registry's scrape.
 */
public final class MetricsScrape {
    private static final Duration LONG = Duration.ofSeconds(10);

    private MetricsScrape() {}

    /** Moves 1 MiB each way between two queue pairs and prints what is scraped while they are connected. */
    static void run(DeviceOptions options, Consumer<String> out) throws Exception {
        scrapeOfAnExchange(options).lines().forEach(out);
    }

    private static String scrapeOfAnExchange(DeviceOptions options) throws Exception {
        Counters counters = new Counters();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Device device = Device.open(options.withListener(counters))) {
            new MicrometerBinder(device.name(), counters).bindTo(registry);
            ProtectionDomain domain = device.allocateProtectionDomain();
            try (AsyncQueuePair near = AsyncQueuePair.open(domain);
                    AsyncQueuePair far = AsyncQueuePair.open(domain)) {
                connect(device, near, far);
                exchange(domain, near);
                return scrape(registry);
            }
        }
    }

    private static void connect(Device device, AsyncQueuePair near, AsyncQueuePair far) throws Exception {
        try (ConnectionListener listener = device.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var connecting =
                    device.connectAsync(near.queuePair(), listener.localAddress(), ConnectionParameters.defaults());
            listener.nextRequest(LONG).accept(far.queuePair(), ConnectionParameters.defaults());
            connecting.join();
        }
    }

    private static void exchange(ProtectionDomain domain, AsyncQueuePair near) throws Exception {
        int octets = 1 << 20;
        LeasedRegion local = LeasedRegion.register(domain, ByteBuffer.allocateDirect(octets), AccessFlag.LOCAL_WRITE);
        LeasedRegion target = LeasedRegion.register(
                domain,
                ByteBuffer.allocateDirect(octets),
                AccessFlag.LOCAL_WRITE,
                AccessFlag.REMOTE_WRITE,
                AccessFlag.REMOTE_READ);
        near.write(local, 0, octets, target.remote()).await(LONG);
        near.read(local, 0, octets, target.remote()).await(LONG);
    }

    /** Serves the registry on a free port, as an application would on a fixed one, and asks for it once. */
    private static String scrape(PrometheusMeterRegistry registry) throws IOException, InterruptedException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] page = registry.scrape().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            try (var body = exchange.getResponseBody()) {
                body.write(page);
            }
        });
        server.start();
        try {
            URI address =
                    URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":"
                            + server.getAddress().getPort() + "/metrics");
            HttpRequest request = HttpRequest.newBuilder(address).timeout(LONG).build();
            return HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body();
        } finally {
            server.stop(0);
        }
    }
}
