using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using RecordingVault.Server.Platform.Security;
using RecordingVault.Server.Tests.Fixture;
using RecordingVault.Server.Tests.Playback;

namespace RecordingVault.Server.Tests.Asking;

/// <summary>Ben, who is in a recording beside Anna, and the link by which he is asked.</summary>
internal sealed partial record Asked(StoredRecording Recording, Guid Ben, Guid Anna, Guid Id, string Secret)
{
    public const string Page = "/c/";

    public string Path => Page + Id;

    public TestTenant Tenant => Recording.Tenant;

    public static async Task<Asked> MakeAsync(TestVault vault, CancellationToken cancellationToken, object? more = null, string? email = null)
    {
        var recording = await StoredRecording.PutAsync(vault, await TestTenant.CreateAsync(vault, cancellationToken), 200_000, cancellationToken);
        return await OfAsync(recording, cancellationToken, more, email);
    }

    /// <summary>Names both in a recording, and asks Ben.</summary>
    public static async Task<Asked> OfAsync(StoredRecording recording, CancellationToken cancellationToken, object? more = null, string? email = null)
    {
        var owner = await recording.Tenant.ClientAsync(Role.Owner, cancellationToken);
        using var named = await owner.PatchAsJsonAsync(recording.Path, new { participants = new object[] { new { name = "Ben Okafor", email }, new { name = "Anna Lindqvist" } } }, cancellationToken);
        named.EnsureSuccessStatusCode();
        var people = (await named.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("participants").EnumerateArray().ToDictionary(person => person.GetProperty("name").GetString()!, person => person.GetProperty("id").GetGuid());
        using var answer = await AskAsync(recording, people["Ben Okafor"], cancellationToken, more);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var url = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("items")[0].GetProperty("url").GetString()!;
        return new Asked(recording, people["Ben Okafor"], people["Anna Lindqvist"], Guid.Parse(url.Split('#')[0].Split('/')[^1]), url.Split('#')[1]);
    }

    /// <param name="more">Members beside the person.</param>
    public static async Task<HttpResponseMessage> AskAsync(StoredRecording recording, Guid person, CancellationToken cancellationToken, object? more = null)
    {
        var body = new Dictionary<string, object?>(StringComparer.Ordinal) { ["participants"] = new[] { person } };
        foreach (var member in more?.GetType().GetProperties() ?? [])
            body[member.Name] = member.GetValue(more);
        return await (await recording.Tenant.ClientAsync(Role.Owner, cancellationToken)).PostAsJsonAsync($"{recording.Path}/consent-requests", body, cancellationToken);
    }

    /// <summary>A browser that has opened the link.</summary>
    public Task<TestBrowser> OpenedAsync(CancellationToken cancellationToken) => OpenedAsync(Tenant.Vault, Id, Secret, cancellationToken);

    public static async Task<TestBrowser> OpenedAsync(TestVault vault, Guid id, string secret, CancellationToken cancellationToken)
    {
        var browser = new TestBrowser(vault);
        using var opened = await browser.SendJsonAsync(HttpMethod.Post, $"{Page}{id}/open", new { secret }, cancellationToken, page: Page + id);
        Assert.Equal(HttpStatusCode.NoContent, opened.StatusCode);
        return browser;
    }

    /// <summary>Says yes to these and no to the rest, and signs.</summary>
    public static async Task<HttpResponseMessage> AnswerAsync(TestBrowser browser, Guid id, CancellationToken cancellationToken, params IReadOnlyList<string> yes) =>
        await browser.PostFormAsync($"{Page}{id}/answer", [.. yes.Select(use => (use, "yes")), ("name", "Ben Okafor")], cancellationToken, page: Page + id);

    /// <summary>Opens, answers, and gives the receipt's id and secret.</summary>
    public async Task<(Guid Id, string Secret)> AnswerAsync(CancellationToken cancellationToken, params IReadOnlyList<string> yes)
    {
        using var browser = await OpenedAsync(cancellationToken);
        using var answer = await AnswerAsync(browser, Id, cancellationToken, yes);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return ReceiptOf(await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    public static (Guid Id, string Secret) ReceiptOf(string page)
    {
        var link = ReceiptLink().Match(page);
        return (Guid.Parse(link.Groups["id"].Value), link.Groups["secret"].Value);
    }

    /// <summary>What counts of Ben, by purpose.</summary>
    public async Task<IReadOnlyDictionary<string, string>> CountsAsync(CancellationToken cancellationToken)
    {
        var owner = await Tenant.ClientAsync(Role.Owner, cancellationToken);
        var people = await owner.GetFromJsonAsync<JsonElement>($"{Recording.Path}/participants", cancellationToken);
        return people.GetProperty("items").EnumerateArray().Single(person => person.GetProperty("id").GetGuid() == Ben).GetProperty("consents").EnumerateObject()
            .ToDictionary(one => one.Name, one => one.Value.GetString()!, StringComparer.Ordinal);
    }

    [GeneratedRegex("""id="receipt-link" readonly value="[^"]*/c/(?<id>[0-9a-f-]{36})#(?<secret>[A-Za-z0-9_-]{43})""", RegexOptions.ExplicitCapture)]
    private static partial Regex ReceiptLink();
}
