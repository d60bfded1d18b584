using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Data;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Server.Tests.Asking;
using RecordingVault.Server.Tests.Export.Packages;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Operators;
using RecordingVault.Server.Tests.Playback;
using RecordingVault.Server.Tests.Sharing;
using RecordingVault.Vault.Format;

namespace RecordingVault.Server.Tests.Roles;

/// <summary>
/// GET and HEAD change nothing (security.md 9), whoever follows an address: an owner by his session, with an opened link or question beside it, or an operator at his
/// listener. Every such endpoint of the running server is asked for things that are there, and all tables are compared before and after.
/// </summary>
public sealed class SafeMethodTests : IAsyncLifetime
{
    /// <summary>What may differ after a look, and why. Nothing here opens, closes or moves anything for anybody.</summary>
    private static readonly Dictionary<string, string> s_allowed = new(StringComparer.Ordinal)
    {
        ["sessions.last_seen_at"] = "a session ends 12 hours after it was last seen",
        ["operator_sessions.last_seen_at"] = "the same, of operators",
        ["audit_events, new row"] = "content that leaves, and an operator's look at a tenant, stand in the log before they are answered",
        ["audit_heads.last_number"] = "the log's newest event",
        ["releases, new row"] = "under which content leaves: to whom, of what, since when",
        ["recordings.last_viewed_at"] = "from when a schedule may count",
        ["recording_disposals.recording_version"] = "that its date is to be reckoned anew, because it was watched",
        ["releases.last_request_at"] = "a release is over when nobody asks for ten minutes",
        ["releases.fetched_bytes"] = "how much of it left",
        ["package_exports.fetches"] = "how often a package was fetched, which the log has too",
        ["package_exports.fetched_at"] = "and when last",
        ["package_exports.fetched_whole_at"] = "and that somebody has it whole",
        ["viewings.last_seen_at"] = "when somebody last came by a link",
        ["viewings.fetched_share"] = "how much of the film left by it",
    };

    /// <summary>Addresses that have nothing to show to whoever is signed in, and lead on or say so.</summary>
    private static readonly string[] s_leadOn = ["/signin", "/signin/code", "/setup", "/operator/signin", "/join/open", "/settings/second-factor", "/search", "/calendar/due.ics", "/nowhere"];

    private static readonly Dictionary<string, (ObjectRole Role, string MediaType, byte[] Content)> s_besideFilm = new(StringComparer.Ordinal)
    {
        ["poster"] = (ObjectRole.Poster, "image/jpeg", [0xff, 0xd8, 0xff, 0xda, 1, 2, 3, 0xff, 0xd9]),
        ["thumbnails"] = (ObjectRole.Thumbnails, "image/jpeg", [0xff, 0xd8, 0xff, 0xda, 4, 5, 6, 0xff, 0xd9]),
        ["waveform"] = (ObjectRole.Waveform, "application/json", "[1,2]"u8.ToArray()),
        ["{language}"] = (ObjectRole.Captions, "text/vtt", "WEBVTT\n\n00:01.000 --> 00:02.500\nGuten Morgen\n"u8.ToArray()),
    };

    private readonly Dictionary<string, StoredRecording> films = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SharedLink Link, string Cookie)> opened = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, (Guid Id, string Cookie)> asked = [];
    private Guid? export;
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private TestVault vault = null!;
    private TestTenant tenant = null!;
    private RoleThings things = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // No worker: what changed was changed by whoever asked.
        vault = await TestVault.StartAsync(settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Vault:Roles"] = "web" });
        tenant = await TestTenant.CreateAsync(vault, Ct);
        things = new RoleThings(tenant);
    }

    public ValueTask DisposeAsync() => vault.DisposeAsync();

    [Fact]
    public async Task No_GET_and_no_HEAD_changes_anything_but_what_is_listed_here()
    {
        using var owner = new TestBrowser(vault);
        await owner.SignInAsync(tenant.Owner, Ct);
        using var op = await (await TestOperator.CreateAsync(vault, Ct)).EnterAsync(Ct);
        var walk = new List<(TestBrowser Browser, string Method, string Pattern, string Path, (string Name, string Value)? LinkCookie)>();
        foreach (var (method, pattern, isOperators) in SafeEndpoints())
            walk.Add(isOperators ? (op, method, pattern, pattern, null) : (owner, method, pattern, await PathAsync(pattern), await LinkCookieAsync(pattern)));
        await SeenLongAgoAsync();

        var wrong = new List<string>();
        var before = await StateAsync();
        foreach (var step in walk)
        {
            if (step.LinkCookie is { } cookie)
                step.Browser.SetCookie(cookie.Name, cookie.Value);
            var status = await LookAsync(step.Browser, step.Method, step.Path);
            if (status != HttpStatusCode.OK && !s_leadOn.Contains(step.Pattern, StringComparer.Ordinal))
                wrong.Add($"{step.Method} {step.Path} answered {(int)status}: it was not looked at");
            var after = await StateAsync();
            wrong.AddRange(Changes(before, after).Select(change => $"{step.Method} {step.Pattern} changed {change}"));
            before = after;
        }

        // What is written after an answer: how much left is counted up every few seconds.
        for (var seconds = 0; seconds < 30 && (seconds == 0 || !seen.Contains("releases.fetched_bytes")); seconds++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), Ct);
            var after = await StateAsync();
            wrong.AddRange(Changes(before, after).Select(change => $"after the walk: {change}"));
            before = after;
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        var written = RoleTable.Written().Where(row => row.Method is "GET" or "HEAD").Select(row => $"{row.Method} {row.Path}");
        Assert.Empty(written.Except(walk.Select(step => $"{step.Method} {step.Pattern}"), StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_comparison_sees_a_changed_column_a_new_row_and_one_that_is_gone()
    {
        using var owner = new TestBrowser(vault);
        await owner.SignInAsync(tenant.Owner, Ct);
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        db.Throttles.Add(new() { Subject = "of this test", LastTryAt = DateTimeOffset.UnixEpoch });
        await db.SaveChangesAsync(Ct);
        var before = await StateAsync();

        await db.Throttles.Where(row => row.Subject == "of this test").ExecuteDeleteAsync(Ct);
        using var renamed = await owner.PostFormAsync("/settings/profile", [("name", "Wilhelmine"), ("language", "de")], Ct);
        var recording = await things.TakeAsync("recordings", null, isSafe: false, Ct);

        Assert.NotEqual(Guid.Empty, recording);
        string[] expected = ["a file in the store", "members.display_name", "members.language", "recordings, new row", "throttles, row gone"];
        Assert.Empty(expected.Except(Changes(before, await StateAsync()), StringComparer.Ordinal));
    }

    /// <summary>All that the running server serves by GET or HEAD, files of the pages aside.</summary>
    private IEnumerable<(string Method, string Pattern, bool IsOperators)> SafeEndpoints() =>
        from endpoint in vault.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null
        let text = endpoint.RoutePattern.RawText!.Trim('/')
        let pattern = text.StartsWith("{*", StringComparison.Ordinal) ? "/nowhere" : "/" + text
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        where method is "GET" or "HEAD"
        orderby pattern, method
        select (method, pattern, endpoint.Metadata.GetMetadata<AnswersOn>()?.Listener is Listener.Management);

    private async Task<string> PathAsync(string pattern)
    {
        var parts = pattern.Split('/');
        var at = Array.FindIndex(parts, part => part.StartsWith("{id", StringComparison.Ordinal));
        if (at >= 0)
            parts[at] = (await ThingAsync(parts[at - 1], parts[^1])).ToString();
        // A merge is looked at before it is done, and needs to know with what.
        var rest = parts[^1] == "merge" ? $"?with={(await FilmAsync("poster")).Id}"
            : pattern == "/recordings/chosen/export" ? $"?recordings={(await FilmAsync("poster")).Id:N}"
            : "";
        return string.Join('/', parts).Replace("{documentName}", "v1", StringComparison.Ordinal).Replace("{tag}", "no-ai-training", StringComparison.Ordinal).Replace("{tenant:guid}", tenant.Id.ToString(), StringComparison.Ordinal).Replace("{language}", "und", StringComparison.Ordinal).Replace("{version}", "vault-1", StringComparison.Ordinal).Replace("{hold:guid}", tenant.Id.ToString(), StringComparison.Ordinal) + rest;
    }

    private async Task<Guid> ThingAsync(string kind, string what) => kind switch
    {
        "recordings" => (await FilmAsync(what)).Id,
        "s" => (await OpenedAsync(what)).Link.Id,
        "c" => (await AskedAsync(what)).Id,
        "exports" => export ??= await PackedRecording.MakeAsync(tenant, Ct, (await PackedRecording.PutAsync(tenant, Ct)).Id),
        _ => await things.TakeAsync(kind, null, isSafe: true, Ct),
    };

    /// <summary>A recording that holds what the last part of the address asks for.</summary>
    private async Task<StoredRecording> FilmAsync(string what)
    {
        var kind = s_besideFilm.ContainsKey(what) ? what : "";
        if (films.TryGetValue(kind, out var known))
            return known;
        return films[kind] = s_besideFilm.TryGetValue(kind, out var beside)
            ? await StoredRecording.PutAsync(vault, tenant, beside.Content, (store, key) => store.PutAssetAsync(key, Guid.CreateVersion7(), beside.Role, beside.MediaType, new MemoryStream(beside.Content), Ct), Ct)
            : await (await (await StoredRecording.PutAsync(vault, tenant, 1_000, Ct)).LaidOutAsync(Ct)).SignedAsync(Ct);
    }

    private async Task<(SharedLink Link, string Cookie)> OpenedAsync(string what)
    {
        var film = await FilmAsync(what);
        if (opened.TryGetValue(film.Id.ToString(), out var known))
            return known;
        var link = await SharedLink.MakeAsync(film, Ct, new { recipientName = "Anna", allowDownload = true });
        var visitor = await Visitor.AtAsync(vault, link.Id, Ct);
        (await visitor.OpenAsync(link, Ct)).EnsureSuccessStatusCode();
        return opened[film.Id.ToString()] = (link, visitor.ShareCookie!);
    }

    /// <summary>Somebody who is in the film, and who has answered and may watch it.</summary>
    private async Task<(Guid Id, string Cookie)> AskedAsync(string what)
    {
        var film = await FilmAsync(what);
        if (asked.TryGetValue(film.Id, out var known))
            return known;
        var link = await Asked.OfAsync(film, Ct, new { mayWatch = true });
        using var browser = await link.OpenedAsync(Ct);
        (await Asked.AnswerAsync(browser, link.Id, Ct, "keep", "view-internal", "share-external")).EnsureSuccessStatusCode();
        return asked[film.Id] = (link.Id, browser.Cookie("__Secure-rvc")!);
    }

    private async Task<(string Name, string Value)?> LinkCookieAsync(string pattern) =>
        pattern.StartsWith("/s/", StringComparison.Ordinal) ? ("__Secure-rvs", (await OpenedAsync(pattern.Split('/')[^1])).Cookie)
        : pattern.StartsWith("/c/", StringComparison.Ordinal) ? ("__Secure-rvc", (await AskedAsync(pattern.Split('/')[^1])).Cookie)
        : null;

    /// <summary>As if everybody came back after an hour: what is noted from time to time is noted now.</summary>
    private async Task SeenLongAgoAsync()
    {
        await using var scope = tenant.Enter();
        var db = scope.ServiceProvider.GetRequiredService<VaultDbContext>();
        var before = TimeProvider.System.GetUtcNow().AddHours(-1);
        await db.Sessions.ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSeenAt, before), Ct);
        await db.OperatorSessions.ExecuteUpdateAsync(set => set.SetProperty(row => row.LastSeenAt, before), Ct);
        await db.ApiTokens.ExecuteUpdateAsync(set => set.SetProperty(row => row.LastUsedAt, before), Ct);
    }

    private static async Task<HttpStatusCode> LookAsync(TestBrowser browser, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        request.Headers.TryAddWithoutValidation("Accept", path.StartsWith("/api", StringComparison.Ordinal) ? "application/json" : "text/html");
        using var answer = await browser.SendAsync(request, Ct, HttpCompletionOption.ResponseHeadersRead);
        if (answer.Content.Headers.ContentType?.MediaType is not "text/event-stream")
            await answer.Content.ReadAsByteArrayAsync(Ct);
        return answer.StatusCode;
    }

    private sealed record State(DatabaseRows Rows, IReadOnlyList<string> Files);

    private async Task<State> StateAsync()
    {
        // The tenant's own: every few seconds the vault itself looks whether the store takes a file.
        var store = Path.Combine(vault.DataDirectory, "store");
        return new State(await DatabaseRows.ReadAsync(vault, Ct), [.. Directory.EnumerateFiles(store, "*", SearchOption.AllDirectories).Where(path => path.Contains(tenant.Id.ToString(), StringComparison.Ordinal)).Order(StringComparer.Ordinal)]);
    }

    /// <summary>What is not allowed of it.</summary>
    private IEnumerable<string> Changes(State before, State after)
    {
        var changes = before.Rows.ChangesTo(after.Rows).ToList();
        if (!before.Files.SequenceEqual(after.Files, StringComparer.Ordinal))
            changes.Add("a file in the store");
        seen.UnionWith(changes);
        return changes.Where(change => !s_allowed.ContainsKey(change));
    }
}
