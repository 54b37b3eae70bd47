import { Button, Table, Tag } from '@navikt/ds-react'
import type { World } from '../api/world.ts'

type Props = { readonly world: World; readonly chosen: string; readonly onChoose: (clientId: string) => void }

/** Every registered app with the addresses the authorization server will hold it to. */
export function AppTable({ world, chosen, onChoose }: Props) {
  const trustName = (tenant: string) => world.trusts.find((trust) => trust.tenant === tenant)?.name ?? tenant
  return (
    <section className="panel" aria-labelledby="apps">
      <h2 id="apps">Registered apps</h2>
      <Table size="small">
        <Table.Header>
          <Table.Row>
            <Table.HeaderCell scope="col">App</Table.HeaderCell>
            <Table.HeaderCell scope="col">Launch address</Table.HeaderCell>
            <Table.HeaderCell scope="col">Redirect addresses</Table.HeaderCell>
            <Table.HeaderCell scope="col">
              <span className="aksel-sr-only">Choose</span>
            </Table.HeaderCell>
          </Table.Row>
        </Table.Header>
        <Table.Body>
          {world.apps.map((app) => (
            <Table.Row
              key={`${app.client_id} ${app.tenants.join()}`}
              className={app.client_id === chosen ? 'row-chosen' : ''}
            >
              <Table.HeaderCell scope="row">
                {app.name}
                <div className="address">{app.client_id}</div>
                {app.tenants.length < world.trusts.length && <div>{app.tenants.map(trustName).join(', ')}</div>}
                {app.demo_approved && (
                  <Tag variant="warning" size="xsmall">
                    approved by the demo world
                  </Tag>
                )}
              </Table.HeaderCell>
              <Table.DataCell className="address">
                {app.launch_uris.join(' ') || 'none: it cannot be launched'}
              </Table.DataCell>
              <Table.DataCell className="address">
                {app.redirect_uris.map((address) => (
                  <div key={address}>{address}</div>
                ))}
              </Table.DataCell>
              <Table.DataCell>
                <Button
                  size="small"
                  variant="secondary"
                  aria-pressed={app.client_id === chosen}
                  onClick={() => onChoose(app.client_id)}
                >
                  Choose
                </Button>
              </Table.DataCell>
            </Table.Row>
          ))}
        </Table.Body>
      </Table>
    </section>
  )
}
