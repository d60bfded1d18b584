using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Platform;

public sealed class HealthTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Asking_costs_nothing_and_a_broken_store_is_told_after_the_next_look()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero));
        await using var vault = await TestVault.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await UntilAsync(vault, HttpStatusCode.OK);
        var store = Path.Combine(vault.DataDirectory, "store");
        Directory.Move(store, store + "-away");
        await File.WriteAllTextAsync(store, "", Ct);

        // No time has passed: whoever asks hears the last result, and the store is not asked.
        for (var i = 0; i < 20; i++)
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(vault)).StatusCode);
        clock.Advance(Readiness.Period);
        await UntilAsync(vault, HttpStatusCode.ServiceUnavailable);

        File.Delete(store);
        Directory.Move(store + "-away", store);
        clock.Advance(Readiness.Period);
        await UntilAsync(vault, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_node_that_only_works_answers_health_and_nothing_else()
    {
        await using var vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Roles"] = "worker" });

        Assert.Equal(HttpStatusCode.OK, (await vault.Bare.GetAsync(new Uri("/health/live", UriKind.Relative), Ct)).StatusCode);
        foreach (var path in new[] { "/", "/signin", "/setup", "/api/v1/tenant", "/api/v1/uploads", "/openapi/v1.json" })
            Assert.Equal(HttpStatusCode.NotFound, (await vault.Bare.GetAsync(new Uri(path, UriKind.Relative), Ct)).StatusCode);
        Assert.Null(vault.Services.GetRequiredService<SetupInvitation>().TakeSecretForPrinting());
    }

    [Fact]
    public async Task Secrets_that_were_read_stand_in_the_configuration_no_more()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Vault:Keys:Root"] = new string('a', 64),
            ["Vault:Setup:Email"] = "helen@example.com",
            ["Vault:Setup:Password"] = "written in a file",
            ["Vault:Setup:Tenant"] = "Marsh Coaching",
        };
        await using var vault = await TestVault.StartAsync(settings: settings);

        var configuration = vault.Services.GetRequiredService<IConfiguration>();

        Assert.DoesNotContain(configuration.AsEnumerable(), pair => pair.Value is not null && (pair.Value == settings["Vault:Keys:Root"] || pair.Value == settings["Vault:Setup:Password"]));
    }

    [Fact]
    public async Task A_page_with_a_form_is_no_warning()
    {
        var lines = new Lines();
        await using var vault = await TestVault.StartAsync(builder => builder.Logging.AddProvider(lines));

        using var browser = new TestBrowser(vault);
        using var page = await browser.GetAsync("/signin", Ct);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("no-store", page.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(lines.Warnings, line => line.Contains("Antiforgery", StringComparison.Ordinal));
    }

    /// <summary>On SQLite every connection is told to be durable; PostgreSQL can be told otherwise by role, database or connection.</summary>
    [Fact]
    public async Task A_database_that_may_lose_the_last_event_is_not_started_on()
    {
        if (!TestVault.UsesPostgres)
            return;

        var refused = await Assert.ThrowsAsync<VaultStartException>(() =>
            TestVault.StartAsync(builder => builder.Configuration["Vault:Database:ConnectionString"] += ";Options=-c synchronous_commit=off"));

        Assert.Contains("synchronous_commit", refused.Message, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> AskAsync(TestVault vault) => vault.Bare.GetAsync(new Uri("/health/ready", UriKind.Relative), Ct);

    private static async Task UntilAsync(TestVault vault, HttpStatusCode expected)
    {
        // The look itself runs on another thread.
        while ((await AskAsync(vault)).StatusCode != expected)
            await Task.Delay(10, Ct);
    }

    private sealed class Lines : ILoggerProvider
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> warnings = new();

        public IEnumerable<string> Warnings => warnings;

        public ILogger CreateLogger(string categoryName) => new Named(categoryName, warnings.Enqueue);

        public void Dispose()
        {
        }
    }

    private sealed class Named(string category, Action<string> keep) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                keep($"{category}: {formatter(state, exception)}");
        }
    }
}
