using Microsoft.Extensions.DependencyInjection;
using RecordingVault.Server.Features.Operators;
using RecordingVault.Server.Tests.Factors;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Operators;

/// <summary>An operator of one test, as the verb makes him, with his authenticator.</summary>
internal sealed class TestOperator(TestVault vault, string name, string password, TestPhone phone)
{
    public string Name => name;

    public string Password { get; private set; } = password;

    public TestPhone Phone => phone;

    public static async Task<TestOperator> CreateAsync(TestVault vault, CancellationToken cancellationToken)
    {
        var name = $"Operator {Guid.NewGuid():N}";
        await using var scope = vault.Services.CreateAsyncScope();
        var made = await scope.ServiceProvider.GetRequiredService<OperatorDirectory>().CreateAsync(name, "karl@quillfeather.example", cancellationToken);
        return new TestOperator(vault, name, made.Password, new TestPhone(made.Seed, vault.Services.GetRequiredService<TimeProvider>()));
    }

    public Task<HttpResponseMessage> SignInAsync(TestBrowser browser, CancellationToken cancellationToken, string? code = null) =>
        browser.PostFormAsync("/operator/signin", [("name", name), ("password", Password), ("code", code ?? phone.NextCode()), ("returnTo", "/operator/versions")], cancellationToken);

    /// <summary>Signs in, and chooses an own password.</summary>
    public async Task<TestBrowser> EnterAsync(CancellationToken cancellationToken)
    {
        var browser = new TestBrowser(vault, isOperators: true);
        // The first code is of the step before: where the clock goes on meanwhile it is too old, and the next one is good.
        if ((await SignInAsync(browser, cancellationToken)).StatusCode != System.Net.HttpStatusCode.Redirect)
            await SignInAsync(browser, cancellationToken);
        await ChangePasswordAsync(browser, "seven unusual teapots sing", cancellationToken);
        return browser;
    }

    public async Task<HttpResponseMessage> ChangePasswordAsync(TestBrowser browser, string wanted, CancellationToken cancellationToken)
    {
        var answer = await browser.PostFormAsync("/operator/password", [("currentPassword", Password), ("newPassword", wanted)], cancellationToken);
        if (answer.StatusCode == System.Net.HttpStatusCode.Redirect)
            Password = wanted;
        return answer;
    }
}
