using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.UsageTags.Crawlers;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Sharing;

namespace RecordingVault.Server.Tests.Pages;

/// <summary>Where the operator lists the networks that crawlers publish, a name is verified by them, and a false name hides nobody.</summary>
public sealed class CrawlerNetworkTests : IDisposable
{
    private readonly string file = Path.Combine(Directory.CreateTempSubdirectory("recordingvault-networks-").FullName, "networks.txt");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);

    [Theory]
    [InlineData("192.0.2.9", "GPTBot")]
    [InlineData("::ffff:192.0.2.9", "GPTBot")]
    [InlineData("192.0.3.9", null)]
    [InlineData("198.51.100.7", "ClaudeBot")]
    [InlineData("198.51.100.8", "CCBot")]
    [InlineData("2001:db8:1::5", "GPTBot")]
    [InlineData("2001:db8:2::5", null)]
    public void An_address_has_the_owner_of_the_narrowest_network(string address, string? owner)
    {
        File.WriteAllText(file, "# as published\n\nGPTBot 192.0.2.77/24\nCCBot 198.51.100.0/24\nClaudeBot  198.51.100.7\nGPTBot 2001:db8:1::/48\n");
        var networks = CrawlerNetworks.Read(file);

        Assert.Equal(owner, networks.Owner(IPAddress.Parse(address)));
        Assert.True(networks.Knows("gptbot"));
        Assert.False(networks.Knows("Bytespider"));
    }

    [Theory]
    [InlineData("GPTBot")]
    [InlineData("GPTBot 192.0.2.0/33")]
    [InlineData("GPTBot 0.0.0.0/0")]
    [InlineData("GPTBot 192.0.2.0/24/8")]
    [InlineData("GPTBot somewhere")]
    public void A_wrong_line_stops_the_start_and_is_named(string line)
    {
        File.WriteAllText(file, $"# first\n{line}\n");

        Assert.Contains("line 2", Assert.Throws<VaultStartException>(() => CrawlerNetworks.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_from_a_crawlers_network_is_turned_away_whatever_it_calls_itself()
    {
        await File.WriteAllTextAsync(file, "GPTBot 127.0.0.0/8\nGPTBot ::1\n", Ct);
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:CrawlerNetworks"] = file });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/s/{Guid.NewGuid()}");
        request.Headers.UserAgent.ParseAdd("Mozilla/5.0");
        using var refused = await vault.Bare.SendAsync(request, Ct);
        using var robots = await vault.Bare.GetAsync("/robots.txt", Ct);

        Assert.Equal((HttpStatusCode.Forbidden, "crawler-refused"), (refused.StatusCode, await SharedLink.SlugAsync(refused, Ct)));
        Assert.Equal(HttpStatusCode.OK, robots.StatusCode);
    }

    [Fact]
    public void The_log_says_whether_the_name_was_true()
    {
        var (log, lines) = Log(new FakeTimeProvider());

        log.Refused("GPTBot", "GPTBot", isKnown: true, "a link");
        log.Refused("GPTBot", null, isKnown: true, "a link");
        log.Refused("GPTBot", null, isKnown: false, "content");
        log.Refused(null, "CCBot", isKnown: false, "content");

        Assert.Equal(
            [
                "GPTBot asked for a link and was refused, by its name, from a network of its own",
                "GPTBot asked for a link and was refused, by its name, though from a network that is not its own",
                "GPTBot asked for content and was refused, by its name",
                "CCBot asked for content and was refused, by its network, under another name",
            ], lines);
    }

    [Fact]
    public void Who_asks_again_and_again_is_counted_and_does_not_fill_the_log()
    {
        var clock = new FakeTimeProvider();
        var (log, lines) = Log(clock);

        for (var i = 0; i < 1_000; i++)
            log.Refused("GPTBot", null, isKnown: false, "content");
        Assert.Equal(CrawlerLog.MostLines, lines.Count);
        clock.Advance(TimeSpan.FromMinutes(1));
        log.Refused("GPTBot", null, isKnown: false, "content");

        Assert.Equal("GPTBot was refused 980 times more in the minute of the last line", lines[CrawlerLog.MostLines]);
        Assert.Equal(CrawlerLog.MostLines + 2, lines.Count);
    }

    private static (CrawlerLog Log, List<string> Lines) Log(TimeProvider clock)
    {
        var lines = new Lines();
        return (new CrawlerLog(clock, lines), lines.Told);
    }

    private sealed class Lines : ILogger<CrawlerLog>
    {
        public List<string> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Told.Add(formatter(state, exception));
    }
}
