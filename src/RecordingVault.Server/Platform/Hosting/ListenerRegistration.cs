using Microsoft.AspNetCore.Connections;

namespace RecordingVault.Server.Platform.Hosting;

internal static class ListenerRegistration
{
    /// <summary>A body that is no upload is JSON or a form: this is ample.</summary>
    private const int LargestBody = 1024 * 1024;

    /// <summary>Where the server listens, how it receives, and how much it takes where an endpoint does not say otherwise.</summary>
    public static WebApplicationBuilder AddVaultListeners(this WebApplicationBuilder builder)
    {
        var management = ListenerAddresses.Management(builder.Configuration);
        if (ListenerAddresses.AreEndpoints(builder.Configuration))
        {
            for (var i = 0; i < management.Count; i++)
                builder.Configuration[ListenerAddresses.ManagementKey(i)] = management[i];
        }

        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.MarkManagement(management);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            // Over HTTP/2 the window and the way to the client bound an upload's speed: the default of 768 KiB is 60 Mbit/s at 100 ms.
            kestrel.Limits.Http2.InitialStreamWindowSize = 4 * 1024 * 1024;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 8 * 1024 * 1024;
        });
        // A request goes on where its bytes were received, and an answer is sent by whoever wrote it: two hops between threads less for each (decision 0051).
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionBlocks>();
        return builder;
    }

    /// <summary>Names the addresses to the server: the vault's own first, then the operator's.</summary>
    public static WebApplication ListenOnVaultAddresses(this WebApplication app)
    {
        if (ListenerAddresses.AreEndpoints(app.Configuration))
            return app;
        foreach (var address in ListenerAddresses.Of(app.Configuration).Concat(ListenerAddresses.Management(app.Configuration)))
            app.Urls.Add(address);
        return app;
    }
}
