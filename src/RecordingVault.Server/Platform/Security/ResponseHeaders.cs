namespace RecordingVault.Server.Platform.Security;

/// <summary>Headers of every answer: nothing is framed, sniffed, cached or loaded from elsewhere (P10), and pages carry the default tag's marks.</summary>
internal static class ResponseHeaders
{
    private const string Csp =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static IApplicationBuilder UseVaultHeaders(this IApplicationBuilder app)
    {
        var policies = new HeaderPolicyCollection()
            .AddFrameOptionsDeny()
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicyNoReferrer()
            .AddCustomHeader("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()")
            .AddCrossOriginOpenerPolicy(policy => policy.SameOrigin())
            .AddCrossOriginResourcePolicy(policy => policy.SameOrigin())
            .AddStrictTransportSecurityMaxAge(maxAgeInSeconds: 60 * 60 * 24 * 365)
            .RemoveServerHeader();
        app.UseSecurityHeaders(policies);
        return app.Use((http, next) =>
        {
            // Pages and API answers are about somebody's recordings; what may be kept (the bundles under /app) says so itself.
            // "no-cache" adds nothing to "no-store" but spares a warning of the framework, which puts the two on every page with a form.
            http.Response.Headers.CacheControl = "private, no-cache, no-store";
            // Content answers with a stricter policy of its own, so this one is written first and not, as the others, last.
            http.Response.Headers.ContentSecurityPolicy = Csp;
            return next(http);
        });
    }
}
