using Microsoft.Extensions.Logging.Console;

namespace RecordingVault.Server.Commands;

/// <summary>
/// The vault as a verb uses it: the same services as the server's, nothing listening, no job running. It works beside a running server: what the two
/// share is the database and the store, and both are made for that.
/// </summary>
internal sealed class OpenedVault : IAsyncDisposable
{
    private readonly WebApplication app;

    private OpenedVault(WebApplication app) => this.app = app;

    public IServiceProvider Services => app.Services;

    public IConfiguration Configuration => app.Configuration;

    /// <summary>The services alone: configuration is checked, nothing is touched.</summary>
    public static OpenedVault Describe()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddVault();
        // Standard output belongs to the verb's answer.
        builder.Logging.ClearProviders().AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<SimpleConsoleFormatterOptions>(options => options.SingleLine = true);
        return new OpenedVault(builder.Build());
    }

    /// <summary>With database, store and keys open.</summary>
    public static async Task<OpenedVault> OpenAsync(CancellationToken cancellationToken)
    {
        var vault = Describe();
        try
        {
            await using var scope = vault.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<VaultStart>().OpenAsync(cancellationToken);
            return vault;
        }
        catch
        {
            await vault.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>A verb can't do what it was asked; the text says what to ask instead.</summary>
internal sealed class VerbRefusedException(string message) : Exception(message);

internal static class Verb
{
    /// <summary>Runs a verb on the opened vault; a refusal is told on standard error, with exit code 2.</summary>
    public static async Task<int> RunAsync(Func<OpenedVault, Task> act, CancellationToken cancellationToken)
    {
        try
        {
            await using var vault = await OpenedVault.OpenAsync(cancellationToken);
            await act(vault);
            return 0;
        }
        catch (VerbRefusedException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return ServerVerbs.NotUnderstood;
        }
    }
}
