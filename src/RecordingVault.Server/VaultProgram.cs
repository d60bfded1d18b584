using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using RecordingVault.Server.Commands;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Hosting;
using RecordingVault.Vault.Keys;
using RecordingVault.Vault.Storage;

namespace RecordingVault.Server;

/// <summary>The process: which verb, and how a failed start is told.</summary>
internal static class VaultProgram
{
    public static async Task<int> RunAsync(string[] args)
    {
        ProcessShield.Raise();
        try
        {
            return await ServerVerbs.RunAsync(args);
        }
        catch (Exception cannot) when (cannot is VaultStartException or RootKeyException or ObjectStoreException)
        {
            await Console.Error.WriteLineAsync(cannot.Message);
            return 1;
        }
    }

    /// <summary>Serves until the process is asked to stop.</summary>
    public static async Task<int> ServeAsync(string[] args)
    {
        // Pages and scripts lie beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        // Of a build that was not published they lie elsewhere, and a list beside the program tells where; of a published one there is no such list.
        builder.WebHost.UseStaticWebAssets();
        builder.AddVault();
        await using var app = builder.Build();
        app.UseVault();
        await using (var scope = app.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<VaultStart>().RunAsync(CancellationToken.None);
        await app.StartAsync();
        var management = ListenerAddresses.Management(app.Configuration);
        var own = management.Select(ListenerPlace.Of).ToHashSet();
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        app.Services.GetRequiredService<VaultGreeting>().Print(
            addresses.FirstOrDefault(address => !own.Contains(ListenerPlace.Of(address))) ?? ListenerAddresses.Default, management is [var first, ..] ? first : null);
        await app.WaitForShutdownAsync();
        return 0;
    }
}
