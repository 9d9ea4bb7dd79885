package io.verbena.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.verbena.transport.StreamTransport;
import io.verbena.transport.StreamTransportProvider;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("tcp")
class NioTransportProviderTest {
    @Test
    void isFoundByServiceLoader() {
        StreamTransportProvider provider = ServiceLoader.load(StreamTransportProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(candidate -> candidate.name().equals("nio"))
                .findAny()
                .orElseThrow();
        assertThat(provider.available()).isTrue();
        try (StreamTransport transport = provider.open(3, true, "verbena-io-")) {
            assertThat(transport.name()).isEqualTo("netty nio");
            assertThat(transport.loopCount()).isEqualTo(3);
            assertThat(transport.loop(2).index()).isEqualTo(2);
            assertThat(transport.loop(2).callerDriven()).isTrue();
        }
    }
}
