using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Passkeys;

/// <summary>A browser with an authenticator, and what the pages' script does with the two.</summary>
internal sealed class PasskeyBrowser(TestVault vault) : IDisposable
{
    public const string Door = "/signin/passkey";
    public const string Again = "/signin/again/passkey";
    public const string Own = "/settings/security/passkeys";

    public TestBrowser Browser { get; init; } = new(vault);

    public TestAuthenticator Authenticator { get; init; } = new() { Origin = vault.Address.GetLeftPart(UriPartial.Authority) };

    public static async Task<PasskeyBrowser> WithPasskeyAsync(TestVault vault, TestMember member, CancellationToken cancellationToken, string name = "Helen's phone")
    {
        var browser = new PasskeyBrowser(vault);
        await browser.Browser.SignInAsync(member, cancellationToken);
        (await browser.AddAsync(cancellationToken, name)).EnsureSuccessStatusCode();
        return browser;
    }

    /// <summary>The same authenticator at another browser, to which nobody is signed in.</summary>
    public PasskeyBrowser Elsewhere() => new(vault) { Authenticator = Authenticator };

    public async Task<JsonElement> AskAsync(string path, CancellationToken cancellationToken)
    {
        using var asked = await SendAsync(path + "/options", new { }, cancellationToken);
        asked.EnsureSuccessStatusCode();
        return (await asked.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).Clone();
    }

    public async Task<HttpResponseMessage> AddAsync(CancellationToken cancellationToken, string name = "Helen's phone") =>
        await SendAsync(Own, new { name, credential = Authenticator.Create(await AskAsync(Own, cancellationToken)) }, cancellationToken);

    public async Task<HttpResponseMessage> SignInAsync(CancellationToken cancellationToken, string returnTo = "/", string path = Door) =>
        await AnswerAsync(Authenticator.Answer(await AskAsync(path, cancellationToken)), cancellationToken, returnTo, path);

    public Task<HttpResponseMessage> AnswerAsync(JsonObject credential, CancellationToken cancellationToken, string returnTo = "/", string path = Door) =>
        SendAsync(path, new { credential, returnTo }, cancellationToken);

    /// <summary>From whatever page opens: the door's to strangers, that of the password to members.</summary>
    public Task<HttpResponseMessage> SendAsync(string path, object body, CancellationToken cancellationToken) =>
        Browser.SendJsonAsync(HttpMethod.Post, path, body, cancellationToken, Browser.Cookie("__Host-rv") is null ? "/signin" : "/password");

    public void Dispose()
    {
        Browser.Dispose();
        Authenticator.Dispose();
    }
}
