using System.Net.Http.Headers;
using System.Text.Json;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>Whatever is run on the machine and reaches a tenant stands in its log, with the actor operator.</summary>
public sealed class VerbLogTests
{
    private const string House = "Marsh Coaching";

    private static readonly (string[] Verb, bool IsRefused, string Event)[] Verbs =
    [
        (["tenant", "create", House], false, "tenant.created"),
        (["tenant", "create", "marsh coaching"], true, "operator.ran"),
        (["member", "create", "--email", "helen@example.com", "--tenant", House, "--role", "Owner"], false, "member.created"),
        (["member", "create", "--email", "helen@example.com", "--tenant", House, "--role", "Owner"], true, "operator.ran"),
        (["token", "create", "--member", "helen@example.com", "--tenant", House, "--name", "x", "--role", "Owner", "--purpose", "none"], false, "token.created"),
        (["token", "create", "--member", "nobody@example.com", "--tenant", House, "--name", "x"], true, "operator.ran"),
        (["member", "reset", "--email", "helen@example.com"], false, "password.reset-link-made"),
        (["member", "create", "--email", "ben@example.com", "--tenant", House, "--role", "Viewer"], false, "member.created"),
        (["member", "address", "--email", "helen@example.com", "--new", "ben@example.com"], true, "operator.ran"),
        (["member", "second-factor", "--email", "helen@example.com"], true, "operator.ran"),
        (["member", "address", "--email", "helen@example.com", "--new", "marsh@example.com"], false, "member.address-changed"),
        (["storage", "move"], false, "operator.ran"),
        (["operator", "create", "--name", "Karl Brandt", "--email", "karl@example.com"], false, ""),
        (["operator", "list"], false, ""),
        (["operator", "remove", "--name", "karl brandt"], false, ""),
        (["doctor"], false, ""),
        (["migrate"], false, ""),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_verb_that_reaches_a_tenant_stands_in_its_log()
    {
        var former = Directory.CreateTempSubdirectory("vault-former-").FullName;
        await using var server = await ServerProcess.StartAsync(
            [KeyValuePair.Create("Vault__Storage__Former__Provider", "folder"), KeyValuePair.Create("Vault__Storage__Former__Folder", former)], Ct);
        var expected = new List<string>();
        var token = "";
        foreach (var (verb, isRefused, told) in Verbs)
        {
            if (isRefused)
                await Assert.ThrowsAsync<InvalidOperationException>(() => server.RunAsync(verb, Ct));
            else if (await server.RunAsync(verb, Ct) is var said && verb is ["token", ..])
                token = said.Split('\n')[^1].Trim();
            if (told.Length > 0)
                expected.Add($"{told} {(isRefused ? "refused" : "allowed")}");
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/audit/events?limit=200");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await server.Client.SendAsync(request, Ct);
        using var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        var events = page.RootElement.GetProperty("items").EnumerateArray().Reverse().ToList();

        Assert.Equal(expected, events.Select(line => $"{line.GetProperty("type").GetString()} {line.GetProperty("outcome").GetString()}"));
        Assert.All(events, line => Assert.Equal("operator", line.GetProperty("actor").GetProperty("kind").GetString()));
        Directory.Delete(former, recursive: true);
    }
}
