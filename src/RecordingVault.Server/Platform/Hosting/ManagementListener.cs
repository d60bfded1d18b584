using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Platform.Hosting;

/// <summary>Marks a connection that came in by the operator's own listener. Only the listener sets it, so nothing that a request says can.</summary>
internal sealed record ManagementConnection;

/// <summary>Where a listener is bound: a socket in the file system, or an address and a port. Two addresses that bind the same place are the same here.</summary>
internal sealed record ListenerPlace(string? Socket, IPAddress? Address, int Port)
{
    /// <exception cref="FormatException">The text is no address of a listener.</exception>
    public static ListenerPlace Of(string address)
    {
        var parsed = BindingAddress.Parse(address);
        if (parsed.IsUnixPipe)
            return new ListenerPlace(parsed.UnixPipePath, null, 0);
        var host = parsed.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : IPAddress.TryParse(parsed.Host, out var number) ? number
            : IPAddress.IPv6Any; // a name that is no address binds all of them
        return new ListenerPlace(null, host, parsed.Port);
    }

    public static ListenerPlace Of(ListenOptions options) =>
        options.EndPoint is UnixDomainSocketEndPoint ? new ListenerPlace(options.SocketPath, null, 0) : new ListenerPlace(null, options.IPEndPoint?.Address, options.IPEndPoint?.Port ?? 0);
}

internal static class ManagementListener
{
    /// <summary>Where the operator's pages begin.</summary>
    public const string Home = "/operator";
    public const string SignInPath = Home + "/signin";

    /// <summary>The door as it is shown to whoever is signed in and has to show again who he is.</summary>
    public const string SignInAgainPath = SignInPath + "?again=true";

    /// <summary>Every connection of these places carries the mark, and no other does.</summary>
    public static void MarkManagement(this KestrelServerOptions kestrel, IReadOnlyList<string> addresses)
    {
        var places = addresses.Select(ListenerPlace.Of).ToHashSet();
        kestrel.ConfigureEndpointDefaults(listener =>
        {
            if (places.Contains(ListenerPlace.Of(listener)))
            {
                listener.Use(next => connection =>
                {
                    connection.Features.Set(new ManagementConnection());
                    return next(connection);
                });
            }
        });
    }

    public static bool IsByManagement(this HttpContext http) => http.Features.Get<ManagementConnection>() is not null;

    /// <summary>Whether the request began on this machine, as far as trusted proxies tell.</summary>
    public static bool IsFromThisMachine(this HttpContext http) => http.Connection.RemoteIpAddress is not { } sender || IPAddress.IsLoopback(sender);
}

/// <summary>Which listener an endpoint answers on. One that does not say answers the vault's members and guests, and nobody on the operator's listener.</summary>
internal enum Listener
{
    Public,
    Management,
    Both,
}

/// <summary>Metadata of an endpoint; the last one counts.</summary>
internal sealed record AnswersOn(Listener Listener);

internal static class ListenerExtensions
{
    public static TBuilder OnManagement<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AnswersOn(Listener.Management));

    /// <summary>For what belongs to nobody: style and script of pages.</summary>
    public static TBuilder OnBothListeners<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AnswersOn(Listener.Both));
}

/// <summary>
/// Keeps the two listeners apart for every endpoint that there is. An endpoint of the other listener is not there, whatever the request says of host,
/// port or sender; on the operator's listener what is not marked for it is not there either.
/// </summary>
internal sealed class ListenerGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        // Where nothing is said the address tells: routing answers a body of the wrong type by an endpoint of its own, which carries no mark.
        var answersOn = http.GetEndpoint()?.Metadata.GetMetadata<AnswersOn>()?.Listener
            ?? (http.Request.Path.StartsWithSegments(ManagementListener.Home, StringComparison.OrdinalIgnoreCase) ? Listener.Management : Listener.Public);
        if (answersOn == Listener.Both || answersOn == Listener.Management == http.IsByManagement())
            return next(http);
        if (http.IsByManagement() && HttpMethods.IsGet(http.Request.Method) && http.Request.Path == "/")
        {
            http.Response.Redirect(ManagementListener.Home);
            return Task.CompletedTask;
        }

        return Problem.NotFound.WriteAsync(http);
    }
}
