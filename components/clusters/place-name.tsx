/** What a load balancer or firewall is called: on one line where it is a column, whole where it heads a card. */
export function PlaceName({ name }: { readonly name: string }) {
  return (
    <span title={name} className="@max-[50rem]:wrap-anywhere block font-medium font-mono @[50rem]:truncate">
      {name}
    </span>
  );
}

/** Where it is. */
export function Place({ region, account }: { readonly region: string; readonly account: string }) {
  return (
    <>
      {region}
      <span className="@[50rem]:hidden text-muted text-xs"> · </span>
      <span className="wrap-anywhere @[50rem]:block text-muted text-xs">{account}</span>
    </>
  );
}
